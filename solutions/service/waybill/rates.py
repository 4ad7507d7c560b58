"""What it costs to send a parcel."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Path, Query, Response, status
from pydantic import BaseModel

from waybill.schemas import ParcelCreate, PickupWindow

# kata: requests.rate
router = APIRouter(prefix="/rates")


class Rate(BaseModel):
    """What a country costs, in euros: a basic price and a price per kilogram."""

    country: str
    base: Decimal
    per_kg: Decimal


RATES = {
    country: Rate(country=country, base=Decimal(base), per_kg=Decimal(per_kg))
    for country, base, per_kg in (
        ("DE", "4.50", "0.50"),
        ("NL", "5.90", "0.65"),
        ("BE", "6.20", "0.70"),
        ("PL", "6.50", "0.75"),
        ("AT", "6.90", "0.80"),
        ("FR", "7.20", "0.85"),
        ("DK", "7.50", "0.90"),
    )
}

CountryCode = Annotated[str, Path(pattern=r"^[A-Z]{2}$")]


def find_rate(country: str) -> Rate:
    """Return a country's rate; 404 if nothing goes there."""
    if country not in RATES:
        raise HTTPException(
            status.HTTP_404_NOT_FOUND, f"Waybill doesn't deliver to {country}."
        )
    return RATES[country]


@router.get("/{country}")
async def read_rate(country: CountryCode) -> Rate:
    """Return what a country costs."""
    return find_rate(country)


# kata: requests.rate_list
@router.get("")
async def list_rates(
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> list[Rate]:
    """Return the rates by country, a page at a time."""
    rates = sorted(RATES.values(), key=lambda rate: rate.country)
    return rates[offset : offset + limit]


# kata: requests.price
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
    kilograms = -(-parcel.weight_g // 1000)  # every kilogram that is begun counts
    delivery = rate.base + kilograms * rate.per_kg
    extra = PICKUP if pickup else Decimal("0.00")
    return Price(delivery=delivery, pickup=extra, total=delivery + extra)


# kata: requests.offers
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
    response.headers["Cache-Control"] = "public, max-age=3600"
    return carrier_offers(find_rate(country))


# kata: caching.terms
class Terms(BaseModel):
    """What a sender agrees to, in one language."""

    language: str
    text: str


TERMS = {
    "en": "Delivered within three working days.",
    "de": "Zustellung innerhalb von drei Werktagen.",
    "nl": "Bezorgd binnen drie werkdagen.",
}


@router.get("/{country}/terms")
async def read_terms(
    country: CountryCode,
    response: Response,
    accept_language: Annotated[str, Header()] = "en",
) -> Terms:
    """Return the terms in the first language asked for that Waybill speaks."""
    find_rate(country)
    entries = accept_language.lower().split(",")
    asked = [entry.partition(";")[0].partition("-")[0].strip() for entry in entries]
    language = next((code for code in asked if code in TERMS), "en")
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Vary"] = "Accept-Language"
    return Terms(language=language, text=TERMS[language])
