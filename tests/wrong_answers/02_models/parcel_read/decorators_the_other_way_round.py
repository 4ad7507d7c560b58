#| kata: models.parcel_read
#| refused_by: test_nothing_private_leaves
# The property hides the computed field, and heavy stays at home.
from decimal import Decimal

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

    @property
    @computed_field
    def heavy(self) -> bool:
        """Whether two couriers must carry it."""
        return self.weight_g > 20_000
