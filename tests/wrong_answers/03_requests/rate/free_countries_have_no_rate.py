#| kata: requests.rate
#| refused_by: test_rates_are_looked_up_when_asked
# A country whose basic price is 0 has a rate all the same.
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path
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

CountryCode = Annotated[str, Path(pattern=r"^[A-Z]{2}$")]


def find_rate(country: str) -> Rate:
    """Return a country's rate; 404 if nothing goes there."""
    if country not in RATES or not RATES[country].base:
        raise HTTPException(404, f"Waybill doesn't deliver to {country}.")
    return RATES[country]


@router.get("/{country}")
async def read_rate(country: CountryCode) -> Rate:
    """Return what a country costs."""
    return find_rate(country)
