#| kata: models.text_line
#| refused_by: test_white_space_around_does_not_count
# Only one of the two types strips.
from typing import Annotated

from pydantic import StringConstraints

TextLine = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=100, pattern=r"^\P{Cc}*$"
    ),
]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
