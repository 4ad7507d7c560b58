#| kata: models.postcode
#| refused_by: test_postcode_has_one_spelling
# The pattern wants capitals already, so nothing is left to respell.
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def spell_in_one_way(postcode: str) -> str:
    """Write a postcode in capitals, with single spaces."""
    return " ".join(postcode.upper().split())


Postcode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[A-Z0-9 -]{2,12}$"),
    AfterValidator(spell_in_one_way),
]
