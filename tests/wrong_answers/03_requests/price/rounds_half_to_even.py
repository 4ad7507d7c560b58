#| kata: requests.price
#| refused_by: test_every_kilogram_begun_counts
# round() goes to the even neighbour: 2001 g become two kilograms.
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
    kilograms = max(1, round((parcel.weight_g + 499) / 1000))
    delivery = rate.base + rate.per_kg * kilograms
    fetched = PICKUP if pickup is not None else Decimal("0")
    return Price(delivery=delivery, pickup=fetched, total=delivery + fetched)
