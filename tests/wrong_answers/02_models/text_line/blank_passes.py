#| kata: models.text_line
#| refused_by: test_white_space_around_does_not_count
# Three spaces count as a text: nothing is stripped.
from typing import Annotated

from pydantic import StringConstraints

TextLine = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^\P{Cc}*$")
]
Country = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]{2}$")
]
