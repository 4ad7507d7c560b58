#| kata: streaming.csv_line
#| refused_by: test_a_formula_becomes_text
# Looks at the text of every cell, so that -3 becomes a text.
import csv
from collections.abc import Iterable
from io import StringIO

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell: object) -> object:
    """Return a cell that a spreadsheet won't run: text stays text."""
    if str(cell).startswith(FORMULA):
        return f"'{cell}"
    return cell


def csv_line(cells: Iterable[object]) -> str:
    """Return one line of CSV, as RFC 4180 has it."""
    line = StringIO()
    csv.writer(line).writerow([harmless(cell) for cell in cells])
    return line.getvalue()
