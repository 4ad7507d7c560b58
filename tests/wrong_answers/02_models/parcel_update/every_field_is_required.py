#| kata: models.parcel_update
#| refused_by: test_only_what_was_sent_is_changed
# It inherits from ParcelCreate, and so requires everything.
class ParcelUpdate(ParcelCreate):
    """What a sender may change before pickup; what is left out stays as it is."""
