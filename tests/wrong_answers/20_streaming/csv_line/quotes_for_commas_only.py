#| kata: streaming.csv_line
#| refused_by: test_no_cell_forges_a_row
# Quotes a cell with a comma; a line break is forgotten.
from collections.abc import Iterable


def csv_line(cells: Iterable[object]) -> str:
    """Return one line of CSV."""
    texts = []
    for cell in cells:
        text = str(cell)
        if isinstance(cell, str) and text.startswith(tuple("=+-@\t\r\n")):
            text = "'" + text
        if "," in text or '"' in text:
            text = '"' + text.replace('"', '""') + '"'
        texts.append(text)
    return ",".join(texts) + "\n"
