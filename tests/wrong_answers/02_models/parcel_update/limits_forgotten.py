#| kata: models.parcel_update
#| refused_by: test_limits_hold_in_a_patch
# Plain types: a patch brings in what a new parcel may not have.
from decimal import Decimal

from pydantic import MISSING


class ParcelUpdate(RequestModel):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: Address | MISSING = MISSING
    weight_g: int | MISSING = MISSING
    value: Decimal | MISSING = MISSING
