#| kata: models.parcel_update
#| refused_by: test_an_empty_patch_changes_nothing
# An empty patch is refused.
from typing import Self

from pydantic import MISSING, model_validator


class ParcelUpdate(RequestModel):
    """What a sender may change before pickup; what is left out stays as it is."""

    to: Address | MISSING = MISSING
    weight_g: Grams | MISSING = MISSING
    value: Euros | MISSING = MISSING

    @model_validator(mode="after")
    def refuse_nothing(self) -> Self:
        """Refuse a patch without a change."""
        if not self.model_fields_set:
            raise ValueError("nothing to change")
        return self
