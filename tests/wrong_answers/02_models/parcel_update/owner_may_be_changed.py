#| kata: models.parcel_update
#| refused_by: test_owner_and_code_cannot_be_changed
# The client can hand the parcel to somebody else.
from pydantic import MISSING


class ParcelUpdate(RequestModel):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: Address | MISSING = MISSING
    weight_g: Grams | MISSING = MISSING
    owner_id: int | MISSING = MISSING
    value: Euros | MISSING = MISSING
