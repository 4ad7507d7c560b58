#| kata: models.address
#| refused_by: test_texts_have_one_to_a_hundred_characters
# The types of the last katas are left unused for three fields.
from pydantic import BaseModel


class Address(BaseModel):
    """Where a parcel goes."""

    name: str
    street: str
    city: str
    postcode: Postcode
    country: Country
