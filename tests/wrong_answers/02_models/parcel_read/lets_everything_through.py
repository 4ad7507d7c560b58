#| kata: models.parcel_read
#| refused_by: test_nothing_private_leaves
# extra=allow: whatever the endpoint returns leaves.
from decimal import Decimal

from pydantic import AwareDatetime, BaseModel, ConfigDict, computed_field


class ParcelRead(BaseModel):
    """What a sender sees of a parcel; what is not named here stays inside."""

    model_config = ConfigDict(from_attributes=True, extra="allow")

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
