#| kata: models.scan_create
#| refused_by: test_weight_keeps_its_limits
# StrictInt replaces Grams, and the limits are gone.
from enum import StrEnum

from pydantic import Field, StrictInt


class ScanKind(StrEnum):
    """What happened to a parcel."""

    PICKED_UP = "picked_up"
    ARRIVED = "arrived"
    DEPARTED = "departed"
    DELIVERED = "delivered"


class ScanCreate(RequestModel):
    """What a depot's scanner reports about one parcel."""

    depot: str = Field(pattern=r"^[A-Z]{3}$")
    kind: ScanKind
    at: EventTime
    weight_g: StrictInt | None = None
