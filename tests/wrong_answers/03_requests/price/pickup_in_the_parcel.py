#| kata: requests.price
#| refused_by: test_each_body_stands_under_its_name
# Puts the window into the parcel.
from decimal import Decimal

from pydantic import BaseModel

from waybill.schemas import ParcelCreate, PickupWindow


class PricedParcel(ParcelCreate):
    """A parcel, and when it may be fetched."""

    pickup: PickupWindow | None = None


class Price(BaseModel):
    """What one parcel costs, in euros."""

    delivery: Decimal
    pickup: Decimal
    total: Decimal


PICKUP = Decimal("3.50")


@router.post("/price")
async def price_parcel(
    parcel: PricedParcel,
) -> Price:
    """Return what it would cost to send a parcel, and to have it picked up."""
    rate = find_rate(parcel.to.country)
    kilograms = -(-parcel.weight_g // 1000)  # every kilogram that is begun counts
    delivery = rate.base + kilograms * rate.per_kg
    extra = PICKUP if parcel.pickup else Decimal("0.00")
    return Price(delivery=delivery, pickup=extra, total=delivery + extra)
