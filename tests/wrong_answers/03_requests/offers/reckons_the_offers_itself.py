#| kata: requests.offers
#| refused_by: test_every_offer_arrives
# Builds two offers of its own and never asks the carriers.
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


@router.get("/{country}/offers")
async def read_offers(country: CountryCode, response: Response) -> list[Offer]:
    """Return the offers for a country; they hold for an hour."""
    rate = find_rate(country)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return [
        Offer(speed=Speed.STANDARD, price=rate.base),
        Offer(speed=Speed.EXPRESS, price=rate.base * 2),
    ]
