#| kata: models.parcel_update
#| refused_by: test_a_type_allows_its_default
# Two fields are right, and the third is a value that may be missing all the same.
from pydantic import MISSING


class ParcelUpdate(RequestModel):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: Address | MISSING = MISSING
    weight_g: Grams | MISSING = MISSING
    value: Euros = MISSING
