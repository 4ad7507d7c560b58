#| kata: models.parcel_update
#| refused_by: test_limits_hold_in_a_patch
# A part of an address is accepted and would replace the whole.
from pydantic import MISSING


class ParcelUpdate(RequestModel):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: dict[str, str] | MISSING = MISSING
    weight_g: Grams | MISSING = MISSING
    value: Euros | MISSING = MISSING
