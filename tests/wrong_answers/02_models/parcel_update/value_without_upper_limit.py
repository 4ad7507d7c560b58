#| kata: models.parcel_update
#| refused_by: test_limits_hold_in_a_patch
# The limits are written once more, and one is forgotten.
from decimal import Decimal
from typing import Annotated

from pydantic import MISSING, Field


class ParcelUpdate(RequestModel):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: Address | MISSING = MISSING
    weight_g: Grams | MISSING = MISSING
    value: Annotated[Decimal, Field(ge=0, decimal_places=2)] | MISSING = MISSING
