#| kata: models.parcel_read
#| refused_by: test_nothing_private_leaves
# A plain property is not part of the response.
from decimal import Decimal

from pydantic import AwareDatetime, BaseModel, ConfigDict


class ParcelRead(BaseModel):
    """What a sender sees of a parcel; what is not named here stays inside."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    tracking_code: str
    to: Address
    weight_g: int
    value: Decimal
    created_at: AwareDatetime

    @property
    def heavy(self) -> bool:
        """Whether two couriers must carry it."""
        return self.weight_g > 20_000
