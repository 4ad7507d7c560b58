#| kata: models.parcel_read
#| refused_by: test_it_is_built_from_a_row
# Without from_attributes a row is refused.
from decimal import Decimal

from pydantic import AwareDatetime, BaseModel, computed_field


class ParcelRead(BaseModel):
    """What a sender sees of a parcel; what is not named here stays inside."""

    id: int
    tracking_code: str
    to: Address
    weight_g: int
    value: Decimal
    created_at: AwareDatetime

    @computed_field  # type: ignore[prop-decorator]  # mypy can't follow it here
    @property
    def heavy(self) -> bool:
        """Whether two couriers must carry it."""
        return self.weight_g > 20_000
