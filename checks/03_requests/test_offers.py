"""Checks of requests.offers: a header set, and nothing let out with it."""

from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]


@pytest.fixture
def app() -> FastAPI:
    """An app with the routes of `waybill.rates`, and nothing else."""
    from waybill.rates import router

    app = FastAPI()
    app.include_router(router)
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that gets a 500 where the app raises, as it would from a server."""
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


async def offers(client: httpx.AsyncClient, country: str) -> list[dict[str, Any]]:
    """Return a country's offers as a client gets them."""
    response = await client.get(f"/rates/{country}/offers")
    assert response.status_code == 200, (
        f"GET /rates/{country}/offers was answered {response.status_code}. A "
        f"returned value must fit the model that is promised, and a header is set on "
        f"a Response."
    )
    found = response.json()
    assert isinstance(found, list), (
        f"The answer should be a list of offers; yours is {response.text}."
    )
    return found


async def test_every_offer_arrives(client: httpx.AsyncClient) -> None:
    """All offers arrive with their speed, and with their price as exact text."""
    for country, standard, express in (
        ("NL", "5.90", "11.80"),
        ("DK", "7.50", "15.00"),
    ):
        found = [
            (one.get("speed"), one.get("price"))
            for one in await offers(client, country)
        ]
        wanted = [("standard", standard), ("express", express)]
        assert found == wanted, (
            f"For {country} came the speeds and prices {found}; wanted are {wanted}. "
            f"Return what carrier_offers gives, and keep the types of Offer."
        )


async def test_neither_carrier_nor_cost_leaves(client: httpx.AsyncClient) -> None:
    """Who drives, and what Waybill pays, stays inside."""
    for offer in await offers(client, "FR"):
        leaked = sorted(set(offer) - {"speed", "price"})
        assert not leaked, (
            f"{' and '.join(leaked)} left with the {offer.get('speed')} offer, and the "
            f"docs promise that only speed and price do. Does FastAPI filter what you "
            f"return, and by which model?"
        )


async def test_only_what_is_promised_leaves(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A field that carriers add tomorrow stays inside, too."""
    from waybill import rates

    class Tomorrow(rates.CarrierOffer):
        margin: Decimal

    def richer(rate: rates.Rate) -> list[Tomorrow]:
        kilogram = rate.per_kg
        inside = {"carrier": "Polder Bikes", "cost": kilogram, "margin": kilogram}
        return [Tomorrow(speed="express", price=kilogram * 9, **inside)]

    monkeypatch.setattr(rates, "carrier_offers", richer)
    found = await offers(client, "PL")
    assert len(found) == 1, (
        f"The carriers had one offer, and {len(found)} arrived: {found}. Ask "
        f"carrier_offers each time."
    )
    leaked = sorted(set(found[0]) - {"speed", "price"})
    assert not leaked, (
        f"The carriers' offers got a field `margin`, and {' and '.join(leaked)} left. "
        f"Say what may leave instead of what may not."
    )
    assert found[0] == {"speed": "express", "price": "6.75"}, (
        f"The carriers had an express offer for 6.75; the client got {found[0]}."
    )


async def test_the_answer_may_be_kept_for_an_hour(client: httpx.AsyncClient) -> None:
    """`Cache-Control` is `public, max-age=3600`."""
    response = await client.get("/rates/BE/offers")
    said = response.headers.get("Cache-Control")
    parts = {part.strip().lower() for part in (said or "").split(",")}
    assert parts == {"public", "max-age=3600"}, (
        f"Cache-Control is {said!r}; wanted is 'public, max-age=3600'. FastAPI hands "
        f"you a Response if you declare a parameter of that type; one that you make "
        f"counts only if you return it."
    )


def test_the_docs_promise_offers(app: FastAPI) -> None:
    """The docs promise a list of `Offer`: speed and price, no more."""
    operation = app.openapi()["paths"]["/rates/{country}/offers"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    name = schema.get("items", {}).get("$ref", "").rpartition("/")[2]
    models = app.openapi().get("components", {}).get("schemas", {})
    promised = sorted(models.get(name, {}).get("properties", {}))
    assert promised == ["price", "speed"], (
        f"The docs promise {schema} with the fields {promised}; wanted is a list of "
        f"Offer. Promise it in the decorator or as the return type."
    )


async def test_countries_are_refused_as_before(client: httpx.AsyncClient) -> None:
    """A country that isn't served is answered 404, a malformed one 422."""
    for country, wanted in {"JP": 404, "nl": 422, "NLD": 422}.items():
        response = await client.get(f"/rates/{country}/offers")
        assert response.status_code == wanted, (
            f"GET /rates/{country}/offers was answered {response.status_code}; wanted "
            f"is {wanted}. CountryCode and find_rate do both."
        )
