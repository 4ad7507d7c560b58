#| kata: models.parcel_update
#| refused_by: test_limits_hold_in_a_patch
# An address is replaced as a whole; without a street nobody finds it.
from pydantic import MISSING


class AddressUpdate(Address):
    """A part of an address."""

    street: TextLine | MISSING = MISSING
    postcode: Postcode | MISSING = MISSING


class ParcelUpdate(RequestModel):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: AddressUpdate | MISSING = MISSING
    weight_g: Grams | MISSING = MISSING
    value: Euros | MISSING = MISSING
