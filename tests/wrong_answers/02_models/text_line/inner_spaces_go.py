#| kata: models.text_line
#| refused_by: test_white_space_around_does_not_count
# Every run of spaces becomes one: too much.
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def tidy(text: str) -> str:
    return " ".join(text.split(" ")).replace("  ", " ")


TextLine = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=100, pattern=r"^\P{Cc}*$"
    ),
    AfterValidator(tidy),
]
Country = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]{2}$")
]
