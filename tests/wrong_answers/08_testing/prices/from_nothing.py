#| kata: testing.prices
#| refused_by: test_right_waybill_is_green
# Draws weights from nothing at all.
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st

from waybill.rates import RATES, router

app = FastAPI()
app.include_router(router, prefix="/v1")
TO = {"name": "Zoë", "street": "Sint Jansstraat 5", "city": "X", "postcode": "10119"}
PICKUP = {"start": "2026-03-02T09:00:00+01:00", "end": "2026-03-02T12:00:00+01:00"}


async def ask_price(
    weight_g: int, country: str, *, pickup: bool = False
) -> dict[str, Decimal]:
    """Return what a parcel costs: its `delivery`, `pickup` and `total`."""
    to = TO | {"country": country}
    body: dict[str, Any] = {
        "parcel": {"to": to, "weight_g": weight_g, "value": "19.90"},
        "pickup": PICKUP if pickup else None,
    }
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://w") as client:
        response = await client.post("/v1/rates/price", json=body)
    assert response.status_code == 200
    return {name: Decimal(price) for name, price in response.json().items()}


@pytest.mark.anyio
@given(kilograms=st.integers(1, 29), country=st.sampled_from(sorted(RATES)))
@settings(max_examples=30, deadline=None)
async def test_a_kilogram_has_one_price(kilograms: int, country: str) -> None:
    """A kilogram has one price, to its last gram; the next one costs more."""
    full = 1000 * kilograms
    first, last, dearer = [
        (await ask_price(weight_g, country))["delivery"]
        for weight_g in (full - 999, full, full + 1)
    ]
    assert first == last < dearer


@pytest.mark.anyio
@given(
    weight_g=st.integers(min_value=0, max_value=30_000),
    country=st.sampled_from(sorted(RATES)),
    pickup=st.booleans(),
)
@settings(max_examples=30, deadline=None)
async def test_the_total_is_a_sum(weight_g: int, country: str, pickup: bool) -> None:
    """A total is all that is charged, and a pickup costs something."""
    price = await ask_price(weight_g, country, pickup=pickup)
    assert price["total"] == price["delivery"] + price["pickup"]
    assert (price["pickup"] > 0) == pickup
