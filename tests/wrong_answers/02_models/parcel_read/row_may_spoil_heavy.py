#| kata: models.parcel_read
#| refused_by: test_heavy_is_worked_out
# A field is read from the row first, and a row may hold None there.
from decimal import Decimal
from typing import Self

from pydantic import model_validator
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
    heavy: bool = False


    @model_validator(mode="after")
    def weigh(self) -> Self:
        self.heavy = self.weight_g > 20_000
        return self
