#| kata: streaming.csv_line
#| refused_by: test_no_cell_forges_a_column
# Joins with commas, and believes every name.
from collections.abc import Iterable


def csv_line(cells: Iterable[object]) -> str:
    """Return one line of CSV."""
    return ",".join(f"{cell}" for cell in cells) + "\r\n"
