#| kata: models.postcode
#| refused_by: test_nothing_else_is_in_a_postcode
# \s lets a tab or a line break into a postcode.
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def spell_in_one_way(postcode: str) -> str:
    """Write a postcode in capitals, with single spaces."""
    return " ".join(postcode.upper().split())


Postcode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9\s-]{2,12}$"),
    AfterValidator(spell_in_one_way),
]
