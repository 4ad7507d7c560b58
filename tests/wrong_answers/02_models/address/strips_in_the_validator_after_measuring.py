#| kata: models.address
#| refused_by: test_spaces_around_a_text_do_not_count
# The validator strips, but the lengths were measured before.
from pydantic import BaseModel, Field, field_validator

LINE = r"^\P{Cc}*$"


class Address(BaseModel):
    """Where a parcel goes."""

    name: str = Field(min_length=1, max_length=100, pattern=LINE)
    street: str = Field(min_length=1, max_length=100, pattern=LINE)
    city: str = Field(min_length=1, max_length=100, pattern=LINE)
    postcode: str = Field(pattern=r"^[A-Za-z0-9 -]{2,12}$")
    country: str = Field(pattern=r"^ *[A-Z]{2} *$")

    @field_validator("name", "street", "city", "country")
    @classmethod
    def strip(cls, text: str) -> str:
        """Drop spaces around a text."""
        return text.strip()

    @field_validator("postcode")
    @classmethod
    def spell_in_one_way(cls, postcode: str) -> str:
        """Write a postcode in capitals, with single spaces."""
        return " ".join(postcode.upper().split())
