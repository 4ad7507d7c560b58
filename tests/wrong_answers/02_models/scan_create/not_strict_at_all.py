#| kata: models.scan_create
#| refused_by: test_weight_is_a_number
# Strict is gone, and the weight takes text and booleans again.
from enum import StrEnum

from pydantic import Field


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
    weight_g: Grams | None = None
