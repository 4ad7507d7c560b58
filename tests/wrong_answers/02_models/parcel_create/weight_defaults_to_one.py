#| kata: models.parcel_create
#| refused_by: test_a_parcel_is_accepted
# Whoever forgets the weight sends a parcel of one gram.
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Grams = Annotated[int, Field(ge=1, le=30_000)]
Euros = Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=2)]


class RequestModel(BaseModel):
    """What every request body has in common: it holds what was declared, no more."""

    model_config = ConfigDict(extra="forbid")


class ParcelCreate(RequestModel):
    """What a sender hands in; Waybill adds the rest."""

    to: Address
    weight_g: Grams = 1
    value: Euros
