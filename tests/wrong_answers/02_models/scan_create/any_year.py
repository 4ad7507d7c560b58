#| kata: models.scan_create
#| refused_by: test_a_time_without_offset_is_refused
# AwareDatetime alone takes times that no database can store.
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field


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
    at: AwareDatetime
    weight_g: Annotated[Grams, Field(strict=True)] | None = None
