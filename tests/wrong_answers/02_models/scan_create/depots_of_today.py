#| kata: models.scan_create
#| refused_by: test_depot_and_kind_are_known
# A list of depots; the rule is three capital letters.
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, StrictInt
from typing import Literal


class ScanKind(StrEnum):
    """What happened to a parcel."""

    PICKED_UP = "picked_up"
    ARRIVED = "arrived"
    DEPARTED = "departed"
    DELIVERED = "delivered"


class ScanCreate(RequestModel):
    """What a depot's scanner reports about one parcel."""

    depot: Literal["HAM", "LYS", "BER", "MUC"]
    kind: ScanKind
    at: EventTime
    weight_g: Annotated[Grams, Field(strict=True)] | None = None
