#| kata: models.parcel_create
#| refused_by: test_weight_is_one_gram_to_thirty_kilos
# A float that happens to be whole is still a float.
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Grams = Annotated[float, Field(ge=1, le=30_000, multiple_of=1)]
Euros = Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=2)]


class RequestModel(BaseModel):
    """What every request body has in common: it holds what was declared, no more."""

    model_config = ConfigDict(extra="forbid")


class ParcelCreate(RequestModel):
    """What a sender hands in; Waybill adds the rest."""

    to: Address
    weight_g: Grams
    value: Euros
