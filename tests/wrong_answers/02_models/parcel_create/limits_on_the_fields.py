#| kata: models.parcel_create
#| refused_by: test_the_next_models_inherit
# The limits stand on ParcelCreate's fields; Grams and Euros have none.
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

Grams = int
Euros = Decimal


class RequestModel(BaseModel):
    """What every request body has in common: it holds what was declared, no more."""

    model_config = ConfigDict(extra="forbid")


class ParcelCreate(RequestModel):
    """What a sender hands in; Waybill adds the rest."""

    to: Address
    weight_g: Grams = Field(ge=1, le=30_000)
    value: Euros = Field(ge=0, le=10_000, decimal_places=2)
