#| kata: streaming.csv_line
#| refused_by: test_no_cell_forges_a_column
# Marks what follows any `;`, a formula or not.
import csv
import re
from collections.abc import Iterable
from io import StringIO

SIGNS = "-=+@\uff0b\uff0d\uff1d\uff20"
FORMULA = re.compile(rf"""(^|[;\t\r\n])(?=[\s\x00-\x1f"]*[{SIGNS}])|(;)(?=.)""")
"""Where a formula could begin: at the start, or where another program splits."""


def harmless(cell: object) -> object:
    """Return a cell that no spreadsheet runs: a text stays text."""
    return FORMULA.sub(r"\1\2'", cell) if isinstance(cell, str) else cell


def csv_line(cells: Iterable[object]) -> str:
    """Return one line of CSV, as RFC 4180 has it."""
    line = StringIO()
    csv.writer(line).writerow([harmless(cell) for cell in cells])
    return line.getvalue()
