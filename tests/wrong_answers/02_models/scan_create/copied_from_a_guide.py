#| kata: models.scan_create
#| refused_by: test_a_scanners_report_is_accepted
# The guide's version: strict for the whole model refuses ordinary JSON.
from enum import StrEnum

from pydantic import ConfigDict, Field


class ScanKind(StrEnum):
    """What happened to a parcel."""

    PICKED_UP = "picked_up"
    ARRIVED = "arrived"
    DEPARTED = "departed"
    DELIVERED = "delivered"


class ScanCreate(RequestModel):
    """What a depot's scanner reports about one parcel."""

    model_config = ConfigDict(strict=True)

    depot: str = Field(pattern=r"^[A-Z]{3}$")
    kind: ScanKind
    at: EventTime
    weight_g: Grams | None = None
