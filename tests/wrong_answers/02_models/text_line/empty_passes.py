#| kata: models.text_line
#| refused_by: test_a_line_has_one_to_a_hundred_characters
# Nothing says that a text needs a character.
from typing import Annotated

from pydantic import StringConstraints

TextLine = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^\P{Cc}*$")
]
Country = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]{2}$")
]
