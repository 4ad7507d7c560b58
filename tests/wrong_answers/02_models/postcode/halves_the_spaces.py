#| kata: models.postcode
#| refused_by: test_postcode_has_one_spelling
# Two spaces become one; three become two.
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def spell_in_one_way(postcode: str) -> str:
    """Write a postcode in capitals, with single spaces."""
    return postcode.upper().replace("  ", " ")


Postcode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9 -]{2,12}$"),
    AfterValidator(spell_in_one_way),
]
