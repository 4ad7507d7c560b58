#| kata: models.postcode
#| refused_by: test_postcode_is_short_and_plain
# The validator forgets to return.
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def spell_in_one_way(postcode: str) -> None:
    """Write a postcode in capitals, with single spaces."""
    return None


Postcode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9 -]{2,12}$"),
    AfterValidator(spell_in_one_way),
]
