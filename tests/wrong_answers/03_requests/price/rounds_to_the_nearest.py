#| kata: requests.price
#| refused_by: test_every_kilogram_begun_counts
# round() goes to the nearest, and 1499 g to one.
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
async def price_parcel(
    parcel: ParcelCreate, pickup: PickupWindow | None = None
) -> Price:
    """Return what it would cost to send a parcel, and to have it picked up."""
    rate = find_rate(parcel.to.country)
    kilograms = round(parcel.weight_g / 1000)  # every kilogram that is begun counts
    delivery = rate.base + kilograms * rate.per_kg
    extra = PICKUP if pickup else Decimal("0.00")
    return Price(delivery=delivery, pickup=extra, total=delivery + extra)
