#| kata: models.parcel_read
#| refused_by: test_it_is_built_from_a_row
# The value leaves as text, so it was declared as one; the row holds a Decimal.
from pydantic import AwareDatetime, BaseModel, ConfigDict, computed_field


class ParcelRead(BaseModel):
    """What a sender sees of a parcel; what is not named here stays inside."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    tracking_code: str
    to: Address
    weight_g: int
    value: str
    created_at: AwareDatetime

    @computed_field
    @property
    def heavy(self) -> bool:
        """Whether two couriers must carry it."""
        return self.weight_g > 20_000
