#| kata: models.parcel_update
#| refused_by: test_only_what_was_sent_is_changed
# An after-validator sets fields, and a field that was set counts as sent.
from decimal import Decimal
from typing import Self

from pydantic import MISSING, model_validator


class ParcelUpdate(RequestModel):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: Address | MISSING = MISSING
    weight_g: Grams | MISSING = MISSING
    value: Euros | MISSING = MISSING

    @model_validator(mode="after")
    def fill(self) -> Self:
        """Fill in what is missing."""
        if self.value is MISSING:
            self.value = Decimal(0)
        return self
