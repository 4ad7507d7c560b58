#| kata: models.parcel_read
#| refused_by: test_parcels_from_before_a_limit_still_leave
# One limit stayed: an old value with three places can't be read.
from decimal import Decimal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, computed_field


class ParcelRead(BaseModel):
    """What a sender sees of a parcel; what is not named here stays inside."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    tracking_code: str
    to: Address
    weight_g: int
    value: Decimal = Field(decimal_places=2)
    created_at: AwareDatetime

    @computed_field  # type: ignore[prop-decorator]  # mypy can't follow it here
    @property
    def heavy(self) -> bool:
        """Whether two couriers must carry it."""
        return self.weight_g > 20_000
