#| kata: models.postcode
#| refused_by: test_nothing_else_is_in_a_postcode
# A validator that runs first makes a space of a tab, and has no answer to a number.
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints


def spell_in_one_way(postcode: str) -> str:
    """Write a postcode in capitals, with single spaces."""
    return " ".join(postcode.upper().split())


Postcode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9 -]{2,12}$"),
    BeforeValidator(spell_in_one_way),
]
