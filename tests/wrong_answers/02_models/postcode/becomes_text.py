#| kata: models.postcode
#| refused_by: test_a_number_is_refused
# A number is turned into text; 01067 has lost its zero by then.
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints


def spell_in_one_way(postcode: str) -> str:
    """Write a postcode in capitals, with single spaces."""
    return " ".join(postcode.upper().split())


Postcode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9 -]{2,12}$"),
    AfterValidator(spell_in_one_way),
    BeforeValidator(str),
]
