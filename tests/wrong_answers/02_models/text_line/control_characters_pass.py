#| kata: models.text_line
#| refused_by: test_a_line_has_no_control_character
# Lengths are counted, and nobody looks at the characters.
from typing import Annotated

from pydantic import StringConstraints

TextLine = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]
Country = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]{2}$")
]
