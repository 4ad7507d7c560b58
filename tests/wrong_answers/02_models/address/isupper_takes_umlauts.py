#| kata: models.address
#| refused_by: test_country_is_two_capital_letters
# str.isupper knows more letters than A to Z.
from pydantic import BaseModel, ConfigDict, Field, field_validator

LINE = r"^\P{Cc}*$"


class Address(BaseModel):
    """Where a parcel goes."""

    model_config = ConfigDict(str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=100, pattern=LINE)
    street: str = Field(min_length=1, max_length=100, pattern=LINE)
    city: str = Field(min_length=1, max_length=100, pattern=LINE)
    postcode: str = Field(pattern=r"^[A-Za-z0-9 -]{2,12}$")
    country: str = Field(min_length=2, max_length=2)

    @field_validator("country")
    @classmethod
    def refuse_lower_case(cls, country: str) -> str:
        """Refuse what is not two capitals."""
        if not (country.isalpha() and country.isupper()):
            raise ValueError("two capital letters")
        return country

    @field_validator("postcode")
    @classmethod
    def spell_in_one_way(cls, postcode: str) -> str:
        """Write a postcode in capitals, with single spaces."""
        return " ".join(postcode.upper().split())
