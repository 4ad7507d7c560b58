#| kata: requests.price
#| refused_by: test_the_docs_promise_a_price
# The docs promise a list of prices, and a response of its own hides that.
from decimal import Decimal

from fastapi.responses import JSONResponse
from pydantic import BaseModel

from waybill.schemas import ParcelCreate, PickupWindow


class Price(BaseModel):
    """What one parcel costs, in euros."""

    delivery: Decimal
    pickup: Decimal
    total: Decimal


PICKUP = Decimal("3.50")


@router.post("/price", response_model=list[Price])
async def price_parcel(
    parcel: ParcelCreate, pickup: PickupWindow | None = None
) -> JSONResponse:
    """Return what it would cost to send a parcel, and to have it picked up."""
    rate = find_rate(parcel.to.country)
    kilograms = -(-parcel.weight_g // 1000)  # every kilogram that is begun counts
    delivery = rate.base + kilograms * rate.per_kg
    extra = PICKUP if pickup else Decimal("0.00")
    price = Price(delivery=delivery, pickup=extra, total=delivery + extra)
    return JSONResponse(price.model_dump(mode="json"))
