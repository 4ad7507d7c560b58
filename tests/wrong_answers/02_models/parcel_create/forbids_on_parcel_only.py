#| kata: models.parcel_create
#| refused_by: test_the_next_models_inherit
# The setting stands in ParcelCreate, so the next body drops unknown fields.
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Grams = Annotated[int, Field(ge=1, le=30_000)]
Euros = Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=2)]


class RequestModel(BaseModel):
    """What every request body has in common: it holds what was declared, no more."""


class ParcelCreate(RequestModel):
    """What a sender hands in; Waybill adds the rest."""

    model_config = ConfigDict(extra="forbid")

    to: Address
    weight_g: Grams
    value: Euros
