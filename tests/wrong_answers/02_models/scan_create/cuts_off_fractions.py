#| kata: models.scan_create
#| refused_by: test_a_scanners_report_is_accepted
# A scanner's time is kept as it came, fractions of a second included.
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field


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
    at: Annotated[EventTime, AfterValidator(lambda at: at.replace(microsecond=0))]
    weight_g: Annotated[Grams, Field(strict=True)] | None = None
