#| kata: models.text_line
#| refused_by: test_a_line_has_one_to_a_hundred_characters
# Cf are characters that Persian names and some pictures need; only Cc are control characters.
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def no_control(text: str) -> str:
    """Refuse control characters."""
    if any(unicodedata.category(char).startswith("C") for char in text):
        raise ValueError("control characters are not allowed")
    return text


TextLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(no_control),
]

Country = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]{2}$")]
