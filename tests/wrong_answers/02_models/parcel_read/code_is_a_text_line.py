#| kata: models.parcel_read
#| refused_by: test_it_is_built_from_a_row
# A stored code is held to the rules of what comes in, and changed.
from decimal import Decimal

from pydantic import AwareDatetime, BaseModel, ConfigDict, computed_field


class ParcelRead(BaseModel):
    """What a sender sees of a parcel; what is not named here stays inside."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    tracking_code: TextLine
    to: Address
    weight_g: int
    value: Decimal
    created_at: AwareDatetime

    @computed_field
    @property
    def heavy(self) -> bool:
        """Does it take two to carry it?"""
        return self.weight_g > 20_000
