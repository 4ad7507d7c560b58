"""What it costs to send a parcel."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from waybill import rates


# needs: requests.rate
@pytest.fixture
async def desk() -> AsyncIterator[AsyncClient]:
    """A client of the rates alone."""
    app = FastAPI()
    app.include_router(rates.router)
    transport = ASGITransport(app)
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        yield client


async def test_a_country_has_a_rate(desk: AsyncClient) -> None:
    response = await desk.get("/rates/DE")
    assert response.json() == {"country": "DE", "base": "4.50", "per_kg": "0.50"}


@pytest.mark.parametrize(("country", "status"), [("ZZ", 404), ("de", 422)])
async def test_other_countries_are_refused(
    country: str, status: int, desk: AsyncClient
) -> None:
    response = await desk.get(f"/rates/{country}")
    assert response.status_code == status


# needs: requests.rate requests.rate_list
async def test_rates_come_by_country_a_page_at_a_time(desk: AsyncClient) -> None:
    response = await desk.get("/rates", params={"limit": 2, "offset": 1})
    assert [rate["country"] for rate in response.json()] == ["BE", "DE"]
    assert (await desk.get("/rates", params={"limit": 101})).status_code == 422


# needs: requests.rate requests.price
@pytest.mark.parametrize(
    ("weight_g", "delivery"), [(1, "5.00"), (1000, "5.00"), (1001, "5.50")]
)
async def test_every_kilogram_that_is_begun_counts(
    weight_g: int, delivery: str, parcel: dict[str, Any], desk: AsyncClient
) -> None:
    body = {"parcel": {**parcel, "weight_g": weight_g}}
    price = (await desk.post("/rates/price", json=body)).json()
    assert price == {"delivery": delivery, "pickup": "0.00", "total": delivery}


async def test_a_pickup_costs_extra(parcel: dict[str, Any], desk: AsyncClient) -> None:
    window = {"start": "2026-03-02T09:00:00+01:00", "end": "2026-03-02T12:00:00+01:00"}
    body = {"parcel": parcel, "pickup": window}
    price = (await desk.post("/rates/price", json=body)).json()
    assert price == {"delivery": "5.00", "pickup": "3.50", "total": "8.50"}


# needs: requests.rate requests.offers
async def test_offers_keep_the_carrier_to_themselves(desk: AsyncClient) -> None:
    response = await desk.get("/rates/DE/offers")
    assert response.json() == [
        {"speed": "standard", "price": "4.50"},
        {"speed": "express", "price": "9.00"},
    ]
    assert response.headers["Cache-Control"] == "public, max-age=3600"


# needs: requests.rate requests.terms
@pytest.mark.parametrize(
    ("asked", "language"), [("de-AT,en;q=0.5", "de"), ("fr, nl", "nl"), ("fr", "en")]
)
async def test_terms_come_in_a_language_that_was_asked_for(
    asked: str, language: str, desk: AsyncClient
) -> None:
    response = await desk.get("/rates/DE/terms", headers={"Accept-Language": asked})
    assert response.json()["language"] == language
    assert response.headers["Content-Language"] == language
