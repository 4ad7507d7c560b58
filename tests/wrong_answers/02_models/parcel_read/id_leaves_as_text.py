#| kata: models.parcel_read
#| refused_by: test_nothing_private_leaves
# Some clients like ids to be text; it was stored as a number.
from decimal import Decimal
from pydantic import field_serializer
from pydantic import AwareDatetime, BaseModel, ConfigDict, computed_field


class ParcelRead(BaseModel):
    """What a sender sees of a parcel; what is not named here stays inside."""

    model_config = ConfigDict(from_attributes=True)

    id: int | str
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


    @field_serializer("id")
    def as_text(self, id: int) -> str:
        return str(id)
