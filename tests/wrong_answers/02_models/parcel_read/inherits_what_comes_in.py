#| kata: models.parcel_read
#| refused_by: test_nothing_private_leaves
# The copied version: ParcelCreate with three more fields.
from pydantic import AwareDatetime, ConfigDict


class ParcelRead(ParcelCreate):
    """What a sender sees of a parcel; what is not named here stays inside."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    tracking_code: str
    created_at: AwareDatetime
