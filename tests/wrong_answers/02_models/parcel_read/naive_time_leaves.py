#| kata: models.parcel_read
#| refused_by: test_time_leaves_as_the_same_moment
# A plain datetime lets a time without an offset out.
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, computed_field


class ParcelRead(BaseModel):
    """What a sender sees of a parcel; what is not named here stays inside."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    tracking_code: str
    to: Address
    weight_g: int
    value: Decimal
    created_at: datetime

    @computed_field  # type: ignore[prop-decorator]  # mypy can't follow it here
    @property
    def heavy(self) -> bool:
        """Whether two couriers must carry it."""
        return self.weight_g > 20_000
