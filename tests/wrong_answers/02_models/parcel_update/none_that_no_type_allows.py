#| kata: models.parcel_update
#| refused_by: test_a_type_allows_its_default
# None as the default, and types that never heard of it: null is refused, by luck.
class ParcelUpdate(RequestModel):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: Address = None
    weight_g: Grams = None
    value: Euros = None
