#| kata: models.postcode
#| refused_by: test_nothing_else_is_in_a_postcode
# \d takes the digits of every alphabet.
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def spell_in_one_way(postcode: str) -> str:
    """Write a postcode in capitals, with single spaces."""
    return " ".join(postcode.upper().split())


Postcode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z\d -]{2,12}$"),
    AfterValidator(spell_in_one_way),
]
