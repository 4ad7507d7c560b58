#| kata: models.postcode
#| refused_by: test_nothing_else_is_in_a_postcode
# Ignoring case lets two letters in that only look like K and S.
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def spell_in_one_way(postcode: str) -> str:
    """Write a postcode in capitals, with single spaces."""
    return " ".join(postcode.upper().split())


Postcode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"(?i)^[A-Z0-9 -]{2,12}$"),
    AfterValidator(spell_in_one_way),
]
