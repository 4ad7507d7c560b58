#| kata: streaming.csv_line
#| refused_by: test_no_separator_begins_a_formula
# Only the first place of a text gets its apostrophe.
import csv
import re
from collections.abc import Iterable
from io import StringIO

SIGNS = "-=+@\uff0b\uff0d\uff1d\uff20"
FORMULA = re.compile(rf"""(^|[;\t\r\n])(?=[\s\x00-\x1f"]*[{SIGNS}])""")
"""Where a formula could begin: at the start, or where another program splits."""


def csv_line(cells: Iterable[object]) -> str:
    """Return one line of CSV."""
    safe = [
        FORMULA.sub(r"\1'", cell, count=1) if isinstance(cell, str) else cell for cell in cells
    ]
    line = StringIO()
    csv.writer(line).writerow(safe)
    return line.getvalue()
