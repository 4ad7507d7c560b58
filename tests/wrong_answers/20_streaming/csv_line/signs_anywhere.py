#| kata: streaming.csv_line
#| refused_by: test_no_cell_forges_a_row
# Looks for the signs anywhere, and disarms Anna-Lena.
import csv
from collections.abc import Iterable
from io import StringIO

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell: object) -> object:
    """Return a cell that a spreadsheet won't run: text stays text."""
    if isinstance(cell, str) and any(sign in cell for sign in FORMULA):
        return f"'{cell}"
    return cell


def csv_line(cells: Iterable[object]) -> str:
    """Return one line of CSV, as RFC 4180 has it."""
    line = StringIO()
    csv.writer(line).writerow([harmless(cell) for cell in cells])
    return line.getvalue()
