#| kata: models.parcel_update
#| refused_by: test_owner_and_code_cannot_be_changed
# A BaseModel drops owner_id without a word.
from pydantic import MISSING, BaseModel


class ParcelUpdate(BaseModel):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: Address | MISSING = MISSING
    weight_g: Grams | MISSING = MISSING
    value: Euros | MISSING = MISSING
