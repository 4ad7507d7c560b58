"""What goes into Waybill and what comes out, as Pydantic models."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    MISSING,
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    computed_field,
    model_validator,
)

# kata: models.text_line
TextLine = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=100,
        pattern=r"^[^\x00-\x1f\x7f-\x9f]*$",  # no control character anywhere
    ),
]
Country = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]{2}$")
]


# kata: models.postcode
def spell_in_one_way(postcode: str) -> str:
    """Write a postcode in capitals, with single spaces."""
    return " ".join(postcode.upper().split())


Postcode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9 -]{2,12}$"),
    AfterValidator(spell_in_one_way),
]


# kata: models.address
class Address(BaseModel):
    """Where a parcel goes."""

    name: TextLine
    street: TextLine
    city: TextLine
    postcode: Postcode
    country: Country


# kata: models.parcel_create
Grams = Annotated[int, Field(ge=1, le=30_000)]
Euros = Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=2)]


class RequestModel(BaseModel):
    """What every request body has in common: it holds what was declared, no more."""

    model_config = ConfigDict(extra="forbid")


class ParcelCreate(RequestModel):
    """What a sender hands in; Waybill adds the rest."""

    to: Address
    weight_g: Grams
    value: Euros


# kata: models.parcel_read
class ParcelRead(BaseModel):
    """What a sender sees of a parcel; what is not named here stays inside."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    tracking_code: str
    to: Address
    weight_g: int
    value: Decimal
    created_at: AwareDatetime

    @computed_field  # type: ignore[prop-decorator]  # mypy can't follow it here
    @property
    def heavy(self) -> bool:
        """Whether two couriers must carry it."""
        return self.weight_g > 20_000


# kata: models.pickup_window
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
EventTime = Annotated[AwareDatetime, Field(ge=EARLIEST, lt=LATEST)]


class PickupWindow(RequestModel):
    """When a courier may come for a parcel."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "start": "2026-03-02T09:00:00+01:00",
                    "end": "2026-03-02T12:00:00+01:00",
                }
            ]
        }
    )

    start: EventTime
    end: EventTime

    @model_validator(mode="after")
    def end_follows_start(self) -> Self:
        """Refuse a window that ends before it starts."""
        if self.end <= self.start:
            raise ValueError("end must be later than start")
        return self


# kata: models.scan_create
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
    weight_g: Annotated[Grams, Field(strict=True)] | None = None


# kata: models.parcel_update
class ParcelUpdate(RequestModel):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: Address | MISSING = MISSING
    weight_g: Grams | MISSING = MISSING
    value: Euros | MISSING = MISSING
