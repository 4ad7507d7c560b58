#| kata: requests.price
#| refused_by: test_prices_are_exact
# A rate may have more places, and then the price has them, too.
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
    cent = Decimal("0.01")
    delivery = (rate.base + rate.per_kg * -(-parcel.weight_g // 1000)).quantize(cent)
    fetched = PICKUP if pickup else Decimal(0)
    return Price(delivery=delivery, pickup=fetched, total=(delivery + fetched).quantize(cent))
