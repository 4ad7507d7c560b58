#| kata: models.parcel_update
#| refused_by: test_only_what_was_sent_is_changed
# The validator runs on defaults too, so nothing may be left out.
from pydantic import field_validator


class ParcelUpdate(RequestModel, validate_default=True):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: Address | None = None
    weight_g: Grams | None = None
    value: Euros | None = None

    @field_validator("to", "weight_g", "value")
    @classmethod
    def refuse_null(cls, sent: object) -> object:
        """Refuse null; validators don't run on defaults, so leaving out is fine."""
        if sent is None:
            raise ValueError("send a value, or leave the field out")
        return sent
