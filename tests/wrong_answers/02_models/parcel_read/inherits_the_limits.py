#| kata: models.parcel_read
#| refused_by: test_parcels_from_before_a_limit_still_leave
# It inherits the limits of what comes in: old parcels become a 500.
from pydantic import AwareDatetime, ConfigDict, computed_field


class ParcelRead(ParcelCreate):
    """What a sender sees of a parcel; what is not named here stays inside."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")

    id: int
    tracking_code: str
    created_at: AwareDatetime

    @computed_field
    @property
    def heavy(self) -> bool:
        """Whether two couriers must carry it."""
        return self.weight_g > 20_000
