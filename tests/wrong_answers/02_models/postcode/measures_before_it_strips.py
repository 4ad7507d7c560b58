#| kata: models.postcode
#| refused_by: test_white_space_around_does_not_count
# The spaces around it are counted, and dropped afterwards.
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def spell_in_one_way(postcode: str) -> str:
    """Write a postcode in capitals, with single spaces."""
    return " ".join(postcode.upper().split())


Postcode = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9 -]{2,12}$"),
    AfterValidator(spell_in_one_way),
]
