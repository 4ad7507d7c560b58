#| kata: models.text_line
#| refused_by: test_a_line_has_one_to_a_hundred_characters
# A number is turned into text.
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

TextLine = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=100, pattern=r"^\P{Cc}*$"
    ),
    BeforeValidator(str),
]
Country = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]{2}$")
]
