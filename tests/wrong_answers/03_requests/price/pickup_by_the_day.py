#| kata: requests.price
#| refused_by: test_nothing_else_has_a_price
# A pickup has one price, however long its window is.
from decimal import Decimal

from pydantic import BaseModel

from waybill.schemas import ParcelCreate, PickupWindow


class Price(BaseModel):
    """What one parcel costs, in euros."""

    delivery: Decimal
    pickup: Decimal
    total: Decimal


PICKUP = Decimal("3.50")


@router.post("/price")
async def price_parcel(parcel: ParcelCreate, pickup: PickupWindow | None = None) -> Price:
    """Return what it would cost to send a parcel, and to have it picked up."""
    rate = find_rate(parcel.to.country)
    delivery = rate.base + rate.per_kg * -(-parcel.weight_g // 1000)
    days = (pickup.end - pickup.start).days + 1 if pickup else 0
    return Price(delivery=delivery, pickup=PICKUP * days, total=delivery + PICKUP * days)
