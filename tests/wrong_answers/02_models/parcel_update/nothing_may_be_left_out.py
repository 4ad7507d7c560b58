#| kata: models.parcel_update
#| refused_by: test_only_what_was_sent_is_changed
# `| None` without a default is still required.
class ParcelUpdate(RequestModel):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: Address | None
    weight_g: Grams | None
    value: Euros | None
