#| kata: models.postcode
#| refused_by: test_spaces_inside_count_as_they_were_sent
# The spaces inside go first, so thirteen characters become eight and pass.
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def spell_in_one_way(postcode: str) -> str:
    """Write a postcode in capitals, with single spaces."""
    postcode = " ".join(postcode.upper().split())
    if not 2 <= len(postcode) <= 12:
        raise ValueError("use 2 to 12 characters")
    return postcode


Postcode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9 -]*$"),
    AfterValidator(spell_in_one_way),
]
