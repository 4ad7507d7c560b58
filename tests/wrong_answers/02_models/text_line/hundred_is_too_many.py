#| kata: models.text_line
#| refused_by: test_a_line_has_one_to_a_hundred_characters
# Off by one: 100 characters are refused.
from typing import Annotated

from pydantic import StringConstraints

TextLine = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=99, pattern=r"^\P{Cc}*$"
    ),
]
Country = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]{2}$")
]
