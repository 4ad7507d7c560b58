#| kata: models.scan_create
#| refused_by: test_weight_is_a_number
# isinstance(True, int) is true, so a boolean slips through.
from enum import StrEnum

from pydantic import Field, field_validator


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

    @field_validator("weight_g", mode="before")
    @classmethod
    def refuse_text(cls, weight: object) -> object:
        """Refuse what is not a number."""
        if weight is not None and not isinstance(weight, int):
            raise ValueError("a number, please")
        return weight
