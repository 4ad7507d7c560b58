#| kata: models.address
#| refused_by: test_texts_have_no_control_characters
# The city has the lengths of a TextLine, and takes every character.
from pydantic import BaseModel, ConfigDict, Field, field_validator

LINE = r"^\P{Cc}*$"


class Address(BaseModel):
    """Where a parcel goes."""

    model_config = ConfigDict(str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=100, pattern=LINE)
    street: str = Field(min_length=1, max_length=100, pattern=LINE)
    city: str = Field(min_length=1, max_length=100)
    postcode: str = Field(pattern=r"^[A-Za-z0-9 -]{2,12}$")
    country: str = Field(pattern=r"^[A-Z]{2}$")

    @field_validator("postcode")
    @classmethod
    def spell_in_one_way(cls, postcode: str) -> str:
        """Write a postcode in capitals, with single spaces."""
        return " ".join(postcode.upper().split())
