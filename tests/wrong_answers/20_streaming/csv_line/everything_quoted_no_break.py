#| kata: streaming.csv_line
#| refused_by: test_a_line_holds_its_cells
# Returns a line without its end, so that the next one is glued to it.
import csv
from collections.abc import Iterable
from io import StringIO

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell: object) -> object:
    """Return a cell that a spreadsheet won't run: text stays text."""
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell


def csv_line(cells: Iterable[object]) -> str:
    """Return one line of CSV, as RFC 4180 has it."""
    line = StringIO()
    csv.writer(line).writerow([harmless(cell) for cell in cells])
    return line.getvalue().rstrip()
