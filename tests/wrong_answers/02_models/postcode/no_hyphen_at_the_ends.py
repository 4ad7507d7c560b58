#| kata: models.postcode
#| refused_by: test_postcode_is_short_and_plain
# Stricter than the rule: a hyphen may stand anywhere.
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def spell_in_one_way(postcode: str) -> str:
    """Write a postcode in capitals, with single spaces."""
    return " ".join(postcode.split()).upper()


Postcode = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]{0,10}[A-Za-z0-9]$"
    ),
    AfterValidator(spell_in_one_way),
]
