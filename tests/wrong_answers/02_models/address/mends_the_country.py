#| kata: models.address
#| refused_by: test_country_is_two_capital_letters
# de is turned into DE instead of being refused.
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator


def capitals(text: object) -> object:
    """Write a text in capitals."""
    return text.upper() if isinstance(text, str) else text

LINE = r"^\P{Cc}*$"


class Address(BaseModel):
    """Where a parcel goes."""

    model_config = ConfigDict(str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=100, pattern=LINE)
    street: str = Field(min_length=1, max_length=100, pattern=LINE)
    city: str = Field(min_length=1, max_length=100, pattern=LINE)
    postcode: str = Field(pattern=r"^[A-Za-z0-9 -]{2,12}$")
    country: Annotated[str, BeforeValidator(capitals)] = Field(pattern=r"^[A-Z]{2}$")

    @field_validator("postcode")
    @classmethod
    def spell_in_one_way(cls, postcode: str) -> str:
        """Write a postcode in capitals, with single spaces."""
        return " ".join(postcode.upper().split())
