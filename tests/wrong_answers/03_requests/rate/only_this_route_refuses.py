#| kata: requests.rate
#| refused_by: test_other_routes_can_use_country_code
# The pattern stands at the route, and the next one that uses CountryCode has none.
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, status
from pydantic import BaseModel

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

CountryCode = str


def find_rate(country: str) -> Rate:
    """Return a country's rate; 404 if nothing goes there."""
    if country not in RATES:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"Waybill doesn't deliver to {country}.")
    return RATES[country]


@router.get("/{country}")
async def read_rate(country: Annotated[CountryCode, Path(pattern=r"^[A-Z]{2}$")]) -> Rate:
    """Return what a country costs."""
    return find_rate(country)
