"""Checks of requests.offers: a header set, and nothing let out with it."""

from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

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
    """A client of the app."""
    async with connect(app) as client:
        yield client


def resolved(app: FastAPI, schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of the docs, looked up if it only names a model."""
    name = schema.get("$ref", "").rpartition("/")[2]
    models = app.openapi().get("components", {}).get("schemas", {})
    found: dict[str, Any] = models.get(name, schema)
    return found


def promised(app: FastAPI, operation: dict[str, Any]) -> dict[str, Any]:
    """Return the types of the fields that the docs promise with a 200."""
    content = operation["responses"].get("200", {}).get("content", {})
    answer = content.get("application/json", {}).get("schema", {})
    fields = resolved(app, answer.get("items", answer)).get("properties", {})
    return {name: resolved(app, one).get("type") for name, one in fields.items()}


async def offers(client: httpx.AsyncClient, country: str) -> list[dict[str, Any]]:
    """Return a country's offers as a client gets them."""
    response = await client.get(f"/rates/{country}/offers")
    assert response.status_code == 200, (
        f"GET /rates/{country}/offers was answered {response.status_code}; "
        f"wanted is 200. Keep the path and the parameter `country`."
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
            f"{' and '.join(leaked)} left with the {offer.get('speed')} offer; only "
            f"speed and price may. Does FastAPI filter what you return, and by which "
            f"model?"
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
    assert said, (
        "The answer has no Cache-Control. FastAPI hands you a Response if you declare "
        "a parameter of that type; one that you make yourself counts only if you "
        "return it, and one in the docs alone doesn't leave."
    )
    assert parts == {"public", "max-age=3600"}, (
        f"Cache-Control is {said!r}; wanted is 'public, max-age=3600'."
    )


def test_the_docs_promise_offers(app: FastAPI) -> None:
    """The docs promise a list of `Offer`: speed and price, no more."""
    found = promised(app, app.openapi()["paths"]["/rates/{country}/offers"]["get"])
    wanted = dict.fromkeys(("speed", "price"), "string")
    assert found == wanted, (
        f"For each item of the list, the docs promise {found or 'no fields'}; "
        f"wanted are {wanted}, which is Offer. Promise it in the decorator or as the "
        f"return type."
    )


def test_inside_an_offer_is_complete() -> None:
    """Inside Waybill, an offer still knows its carrier and its cost."""
    from waybill import rates

    rate = rates.Rate(country="LU", base=Decimal("6.10"), per_kg=Decimal("0.72"))
    found = [one.model_dump() for one in rates.carrier_offers(rate)]
    standard = ("standard", Decimal("6.10"), "Lowland Freight", Decimal("3.05"))
    express = ("express", Decimal("12.20"), "Night Mail", Decimal("6.10"))
    names = ("speed", "price", "carrier", "cost")
    assert found == [
        dict(zip(names, one, strict=True)) for one in (standard, express)
    ], (
        f"For a basic price of 6.10, carrier_offers returns {found}. Waybill needs all "
        f"four fields elsewhere: leave it and the models as they came, and filter "
        f"where offers leave."
    )
    for name in names:
        for nonsense in (None, []):
            accepted = True
            try:
                rates.CarrierOffer.model_validate(found[0] | {name: nonsense})
            except ValidationError:
                accepted = False
            assert not accepted, (
                f"A CarrierOffer took {nonsense!r} for its {name}. Leave the models as "
                f"they came."
            )


async def test_countries_are_refused_as_before(connect: Connect, app: FastAPI) -> None:
    """A country that isn't served is answered 404, a malformed one 422."""
    for country, wanted in {"JP": 404, "nl": 422, "NLD": 422}.items():
        async with connect(app, raise_app_exceptions=False) as client:
            response = await client.get(f"/rates/{country}/offers")
        assert response.status_code == wanted, (
            f"GET /rates/{country}/offers was answered {response.status_code}; wanted "
            f"is {wanted}. CountryCode and find_rate do both."
        )
