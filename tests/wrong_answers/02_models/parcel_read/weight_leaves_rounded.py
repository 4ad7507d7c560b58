#| kata: models.parcel_read
#| refused_by: test_nothing_private_leaves
# A scale is no more exact, but the row is.
from decimal import Decimal
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


    @field_serializer("weight_g")
    def rounded(self, weight: int) -> int:
        return round(weight, -1)
