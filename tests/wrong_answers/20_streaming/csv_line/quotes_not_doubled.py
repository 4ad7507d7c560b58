#| kata: streaming.csv_line
#| refused_by: test_no_cell_forges_a_column
# Puts quotes around a cell, and forgets those inside.
from collections.abc import Iterable


def csv_line(cells: Iterable[object]) -> str:
    """Return one line of CSV."""
    texts = []
    for cell in cells:
        text = str(cell)
        if isinstance(cell, str) and text.startswith(tuple("=+-@\t\r\n")):
            text = "'" + text
        texts.append(f'"{text}"')
    return ",".join(texts) + "\n"
