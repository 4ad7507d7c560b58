#| kata: requests.price
#| refused_by: test_both_bodies_are_validated
# `or None` takes {} and false for a pickup that was left out.
from decimal import Decimal

from pydantic import BaseModel

from waybill.schemas import ParcelCreate, PickupWindow
from typing import Annotated

from pydantic import BeforeValidator


class Price(BaseModel):
    """What one parcel costs, in euros."""

    delivery: Decimal
    pickup: Decimal
    total: Decimal


PICKUP = Decimal("3.50")


@router.post("/price")
async def price_parcel(parcel: ParcelCreate, pickup: Annotated[PickupWindow | None, BeforeValidator(lambda sent: sent or None)] = None) -> Price:
    """Return what it would cost to send a parcel, and to have it picked up."""
    rate = find_rate(parcel.to.country)
    delivery = rate.base + rate.per_kg * -(-parcel.weight_g // 1000)
    fetched = PICKUP if pickup is not None else Decimal(0)
    return Price(delivery=delivery, pickup=fetched, total=delivery + fetched)
