#| kata: models.parcel_update
#| refused_by: test_null_is_refused
# Nulls are dropped without a word instead of being refused.
from pydantic import model_validator


class ParcelUpdate(RequestModel):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: Address | None = None
    weight_g: Grams | None = None
    value: Euros | None = None

    @model_validator(mode="before")
    @classmethod
    def drop_nulls(cls, body: object) -> object:
        """Treat null as left out."""
        if isinstance(body, dict):
            return {name: sent for name, sent in body.items() if sent is not None}
        return body
