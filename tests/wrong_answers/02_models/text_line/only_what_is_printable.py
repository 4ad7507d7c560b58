#| kata: models.text_line
#| refused_by: test_a_line_has_one_to_a_hundred_characters
# isprintable() refuses a space that doesn't break, too.
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def printable(text: str) -> str:
    """Refuse control characters."""
    if not text.isprintable():
        raise ValueError("control characters are not allowed")
    return text


TextLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(printable),
]

Country = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]{2}$")]
