#| kata: requests.price
#| refused_by: test_the_docs_promise_a_price
# A default in an answer's model: the docs tell clients that the total may be missing.
from decimal import Decimal

from pydantic import BaseModel

from waybill.schemas import ParcelCreate, PickupWindow


class Price(BaseModel):
    """What one parcel costs, in euros."""

    delivery: Decimal
    pickup: Decimal
    total: Decimal = Decimal(0)


PICKUP = Decimal("3.50")


@router.post("/price")
async def price_parcel(
    parcel: ParcelCreate, pickup: PickupWindow | None = None
) -> Price:
    """Return what it would cost to send a parcel, and to have it picked up."""
    rate = find_rate(parcel.to.country)
    kilograms = -(-parcel.weight_g // 1000)  # every kilogram that is begun counts
    delivery = rate.base + kilograms * rate.per_kg
    extra = PICKUP if pickup else Decimal("0.00")
    return Price(delivery=delivery, pickup=extra, total=delivery + extra)
