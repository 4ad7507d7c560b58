#| kata: models.text_line
#| refused_by: test_country_is_two_capital_letters
# Two capitals anywhere will do: DEU passes.
from typing import Annotated

from pydantic import StringConstraints

TextLine = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=100, pattern=r"^\P{Cc}*$"
    ),
]
Country = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"[A-Z]{2}")]
