#| kata: models.scan_create
#| refused_by: test_a_time_without_offset_is_refused
# A scanner's clock may be wrong by years; EventTime has no such rule.
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, StrictInt
from pydantic import AwareDatetime, PastDatetime


def past(sent: object) -> object:
    from datetime import UTC, datetime
    if isinstance(sent, str) and sent[:4] > str(datetime.now(UTC).year):
        raise ValueError("a scan has happened")
    return sent


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
    at: Annotated[EventTime, BeforeValidator(past)]
    weight_g: Annotated[Grams, Field(strict=True)] | None = None
