#| kata: models.scan_create
#| refused_by: test_a_time_without_offset_is_refused
# A plain datetime takes a time without an offset.
from datetime import datetime
from enum import StrEnum
from typing import Annotated

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
    at: datetime
    weight_g: Annotated[Grams, Field(strict=True)] | None = None
