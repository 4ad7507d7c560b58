#| kata: models.parcel_update
#| refused_by: test_null_is_refused
# The copied version: null gets in and would erase the address.
class ParcelUpdate(RequestModel):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: Address | None = None
    weight_g: Grams | None = None
    value: Euros | None = None
