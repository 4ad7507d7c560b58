#| kata: models.parcel_update
#| refused_by: test_a_type_allows_its_default
# It runs, because no default is validated; the types say that nothing is ever missing.
from pydantic import MISSING


class ParcelUpdate(RequestModel):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: Address = MISSING
    weight_g: Grams = MISSING
    value: Euros = MISSING
