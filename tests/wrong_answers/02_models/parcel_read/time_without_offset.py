#| kata: models.parcel_read
#| refused_by: test_time_leaves_as_the_same_moment
# The time leaves as a nice text, and the offset is gone.
from decimal import Decimal

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    computed_field,
    field_serializer,
)


class ParcelRead(BaseModel):
    """What a sender sees of a parcel; what is not named here stays inside."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    tracking_code: str
    to: Address
    weight_g: int
    value: Decimal
    created_at: AwareDatetime

    @field_serializer("created_at")
    def as_text(self, moment: AwareDatetime) -> str:
        """Send the time as text."""
        return moment.strftime("%Y-%m-%dT%H:%M:%S")

    @computed_field  # type: ignore[prop-decorator]  # mypy can't follow it here
    @property
    def heavy(self) -> bool:
        """Whether two couriers must carry it."""
        return self.weight_g > 20_000
