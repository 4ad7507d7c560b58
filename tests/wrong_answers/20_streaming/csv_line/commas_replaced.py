#| kata: streaming.csv_line
#| refused_by: test_no_cell_forges_a_column
# Replaces what is in the way: the names come out changed.
from collections.abc import Iterable


def csv_line(cells: Iterable[object]) -> str:
    """Return one line of CSV."""
    texts = []
    for cell in cells:
        text = str(cell).replace(",", ";").replace("\n", " ")
        if isinstance(cell, str) and text[:1] in "=+-@\t\r":
            text = "'" + text
        texts.append(text)
    return ",".join(texts) + "\r\n"
