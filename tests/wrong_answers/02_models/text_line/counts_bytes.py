#| kata: models.text_line
#| refused_by: test_a_line_has_one_to_a_hundred_characters
# A hundred of these letters have two hundred bytes.
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def fits(text: str) -> str:
    """Refuse what the database's column can't hold."""
    if not 1 <= len(text.encode()) <= 100:
        raise ValueError("must have 1 to 100 characters")
    return text


TextLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$"),
    AfterValidator(fits),
]

Country = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]{2}$")]
