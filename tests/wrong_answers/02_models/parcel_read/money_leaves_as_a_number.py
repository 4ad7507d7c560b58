#| kata: models.parcel_read
#| refused_by: test_money_leaves_exact
# A serializer turns the exact Decimal into a float.
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

    @field_serializer("value")
    def as_number(self, value: Decimal) -> float:
        """Send the value as a number."""
        return float(value)

    @computed_field  # type: ignore[prop-decorator]  # mypy can't follow it here
    @property
    def heavy(self) -> bool:
        """Whether two couriers must carry it."""
        return self.weight_g > 20_000
