#| kata: models.parcel_update
#| refused_by: test_null_is_refused
# The validator guards two of the three fields.
from pydantic import field_validator


class ParcelUpdate(RequestModel):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: Address | None = None
    weight_g: Grams | None = None
    value: Euros | None = None

    @field_validator("to", "weight_g")
    @classmethod
    def refuse_null(cls, sent: object) -> object:
        """Refuse null; validators don't run on defaults, so leaving out is fine."""
        if sent is None:
            raise ValueError("send a value, or leave the field out")
        return sent
