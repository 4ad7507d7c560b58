#| kata: models.text_line
#| refused_by: test_a_line_has_one_to_a_hundred_characters
# Nobody thinks of every character that a name may have.
from typing import Annotated

from pydantic import StringConstraints

TextLine = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[\w .,'/&()#-]+$"
    ),
]

Country = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]{2}$")]
