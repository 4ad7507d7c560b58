#| kata: models.address
#| refused_by: test_country_is_two_capital_letters
# Two types were mixed up.
from pydantic import BaseModel


class Address(BaseModel):
    """Where a parcel goes."""

    name: TextLine
    street: TextLine
    city: TextLine
    postcode: Postcode
    country: Postcode
