#| kata: requests.offers
#| refused_by: test_inside_an_offer_is_complete
# Takes the fields out of the inner model, so nothing can leak.
from decimal import Decimal
from enum import StrEnum

from fastapi import Response
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
    """The same as Waybill sees it."""


def carrier_offers(rate: Rate) -> list[CarrierOffer]:
    """Return what the carriers offer for a country today."""
    return [
        CarrierOffer(
            speed=speed,
            price=rate.base * factor,
        )
        for speed, factor in (
            (Speed.STANDARD, 1),
            (Speed.EXPRESS, 2),
        )
    ]


@router.get("/{country}/offers", response_model=list[Offer])
async def read_offers(country: CountryCode, response: Response) -> list[CarrierOffer]:
    """Return the offers for a country; they hold for an hour."""
    response.headers["Cache-Control"] = "public, max-age=3600"
    return carrier_offers(find_rate(country))
