#| kata: models.parcel_read
#| refused_by: test_heavy_is_worked_out
# A field takes the row's word for it.
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

    heavy: bool = False
