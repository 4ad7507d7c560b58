#| kata: streaming.csv_line
#| refused_by: test_any_iterable_will_do
# Goes through the cells twice; a generator is empty by then.
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
    if not any(str(cell) for cell in cells):
        return "\r\n"
    csv.writer(line).writerow([harmless(cell) for cell in cells])
    return line.getvalue()
