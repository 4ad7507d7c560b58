#| kata: models.parcel_create
#| refused_by: test_the_limits_are_independent
# A rule about two fields that nobody asked for.
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

Grams = Annotated[int, Field(ge=1, le=30_000)]
Euros = Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=2)]


class RequestModel(BaseModel):
    """What every request body has in common."""

    model_config = ConfigDict(extra="forbid")


class ParcelCreate(RequestModel):
    """What a sender hands in; Waybill adds the rest."""

    to: Address
    weight_g: Grams
    value: Euros

    @model_validator(mode="after")
    def insured(self):
        """A parcel that is worth a lot must not be heavy."""
        if self.value > 5_000 and self.weight_g > 20_000:
            raise ValueError("too dear to be that heavy")
        return self
