#| kata: models.parcel_read
#| refused_by: test_time_leaves_as_the_same_moment
# strftime writes what it was told to, and no fraction.
from decimal import Decimal
from datetime import UTC, datetime

from pydantic import field_serializer
from pydantic import AwareDatetime, BaseModel, ConfigDict, computed_field


class ParcelRead(BaseModel):
    """What a sender sees of a parcel; what is not named here stays inside."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    tracking_code: str
    to: Address
    weight_g: int
    value: Decimal
    created_at: AwareDatetime

    @computed_field
    @property
    def heavy(self) -> bool:
        """Whether it takes two to carry it."""
        return self.weight_g > 20_000


    @field_serializer("created_at")
    def in_utc(self, at: datetime) -> str:
        """Write a time as the docs show it."""
        return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
