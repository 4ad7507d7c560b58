#| kata: models.postcode
#| refused_by: test_nothing_else_is_in_a_postcode
# str.isalnum knows more alphabets than ours.
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def spell_in_one_way(postcode: str) -> str:
    """Write a postcode in capitals, with single spaces."""
    if not all(one.isalnum() or one in " -" for one in postcode):
        raise ValueError("letters, digits, spaces and hyphens only")
    return " ".join(postcode.upper().split())


Postcode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=12),
    AfterValidator(spell_in_one_way),
]
