#| kata: models.text_line
#| refused_by: test_a_line_has_one_to_a_hundred_characters
# Brackets stand for one character, and nothing says that there may be more.
from typing import Annotated

from pydantic import StringConstraints

TextLine = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=100,
        pattern=r"^[^\x00-\x1f\x7f-\x9f]$",
    ),
]
Country = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]{2}$")
]
