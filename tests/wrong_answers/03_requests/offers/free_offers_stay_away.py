#| kata: requests.offers
#| refused_by: test_every_offer_arrives
# An offer for 0 euros is an offer: `if price` asks for more than there is one.
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


@router.get("/{country}/offers", response_model=list[Offer])
async def read_offers(country: CountryCode, response: Response) -> list[CarrierOffer]:
    """Return the offers for a country; they hold for an hour."""
    offers = carrier_offers(find_rate(country))
    response.headers["Cache-Control"] = "public, max-age=3600"
    return [one for one in offers if one.price > 0]
