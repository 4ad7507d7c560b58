#| kata: streaming.csv_line
#| refused_by: test_texts_that_look_like_numbers_are_texts
# A StrEnum is a text, too.
import csv
import re
from collections.abc import Iterable
from io import StringIO

SIGNS = "-=+@\uff0b\uff0d\uff1d\uff20"
FORMULA = re.compile(rf"""(^|[;\t\r\n])(?=[\s\x00-\x1f"]*[{SIGNS}])""")
"""Where a formula could begin: at the start, or where another program splits."""


def csv_line(cells: Iterable[object]) -> str:
    """Return one line of CSV."""
    line = StringIO()
    csv.writer(line).writerow(
        FORMULA.sub(r"\1'", cell) if type(cell) is str else cell for cell in cells
    )
    return line.getvalue()
