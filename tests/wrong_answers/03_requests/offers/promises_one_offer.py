#| kata: requests.offers
#| refused_by: test_the_docs_promise_offers
# The docs promise one offer, and a response of its own sends two.
#| variant: a response of your own, filtered by your own hand
from decimal import Decimal
from enum import StrEnum

from fastapi.responses import JSONResponse
from pydantic import BaseModel


class Speed(StrEnum):
    """How fast a parcel travels."""

    STANDARD = "standard"
    EXPRESS = "express"


class Offer(BaseModel):
    """What a sender may choose from."""

    speed: Speed
    price: Decimal


class CarrierOffer(Offer):
    """The same as Waybill sees it: who drives, and what Waybill pays."""

    carrier: str
    cost: Decimal


def carrier_offers(rate: Rate) -> list[CarrierOffer]:
    """Return what the carriers offer for a country today."""
    return [
        CarrierOffer(
            speed=speed,
            price=rate.base * factor,
            carrier=carrier,
            cost=rate.base * factor / 2,
        )
        for speed, factor, carrier in (
            (Speed.STANDARD, 1, "Lowland Freight"),
            (Speed.EXPRESS, 2, "Night Mail"),
        )
    ]


@router.get("/{country}/offers", response_model=Offer)
async def read_offers(country: CountryCode) -> JSONResponse:
    """Return the offers for a country; they hold for an hour."""
    public = [
        Offer(speed=offer.speed, price=offer.price).model_dump(mode="json")
        for offer in carrier_offers(find_rate(country))
    ]
    return JSONResponse(public, headers={"Cache-Control": "public, max-age=3600"})
