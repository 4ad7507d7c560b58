#| kata: models.postcode
#| refused_by: test_nothing_else_is_in_a_postcode
# The pattern is right, and sees only what the function made of the text.
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def spell_in_one_way(postcode: str) -> str:
    """Write a postcode in capitals, with single spaces."""
    return " ".join(postcode.upper().split(" "))


Postcode = Annotated[
    str,
    AfterValidator(spell_in_one_way),
    StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9 -]{2,12}$"),
]
