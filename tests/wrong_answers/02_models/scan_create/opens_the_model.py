#| kata: models.scan_create
#| refused_by: test_unknown_fields_are_refused
# A BaseModel of its own doesn't inherit what RequestModel refuses.
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field


class ScanKind(StrEnum):
    """What happened to a parcel."""

    PICKED_UP = "picked_up"
    ARRIVED = "arrived"
    DEPARTED = "departed"
    DELIVERED = "delivered"


class ScanCreate(BaseModel):
    """What a depot's scanner reports about one parcel."""

    depot: str = Field(pattern=r"^[A-Z]{3}$")
    kind: ScanKind
    at: EventTime
    weight_g: Annotated[Grams, Field(strict=True)] | None = None
