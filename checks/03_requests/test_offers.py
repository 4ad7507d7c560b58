"""Checks of the kata requests.offers."""

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
    """Return the types of the fields that the docs promise for each item of a 200."""
    content = operation["responses"].get("200", {}).get("content", {})
    answer = content.get("application/json", {}).get("schema", {})
    model = resolved(app, answer.get("items", {}))
    types = {
        name: resolved(app, one).get("type")
        for name, one in model.get("properties", {}).items()
    }
    needed = model.get("required", [])
    return {
        name: one if name in needed else f"perhaps {one}" for name, one in types.items()
    }


async def offers(client: httpx.AsyncClient, country: str) -> list[dict[str, Any]]:
    """Return a country's offers as a client gets them."""
    response = await client.get(f"/rates/{country}/offers")
    assert response.status_code == 200, (
        f"GET /rates/{country}/offers was answered {response.status_code} instead of "
        f"200. Keep the path and the parameter `country`."
    )
    found = response.json()
    assert isinstance(found, list), (
        f"The answer should be a list of offers; yours is {response.text}."
    )
    return found


@pytest.fixture
def tomorrow(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return a function that makes carriers offer something else, and say more."""

    def change() -> None:
        from waybill import rates

        class Tomorrow(rates.CarrierOffer):
            margin: Decimal

        def richer(rate: rates.Rate) -> list[Tomorrow]:
            kilogram = rate.per_kg
            inside = {"carrier": "Polder Bikes", "cost": kilogram, "margin": kilogram}
            prices = (kilogram * 9, Decimal("6.7455"), Decimal(0))
            return [
                Tomorrow(speed="express", price=price, **inside) for price in prices
            ]

        monkeypatch.setattr(rates, "carrier_offers", richer)

    return change


# - Every offer that `carrier_offers` returns arrives, in that order, with its price
async def test_every_offer_arrives(
    client: httpx.AsyncClient, tomorrow: Callable[[], None]
) -> None:
    """Every offer arrives, in order, with its speed, and its price as exact text."""
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
            f"For {country} these speeds and prices came: {found}; wanted are "
            f"{wanted}. Return what carrier_offers returns, and keep the types of "
            f"Offer."
        )
    await offers(client, "PL")  # what is remembered of this answer is old now
    tomorrow()
    left = await offers(client, "PL")
    found = [(one.get("speed"), one.get("price")) for one in left]
    wanted = [("express", "6.75"), ("express", "6.7455"), ("express", "0")]
    advice = "Call carrier_offers for each request, and leave none out."
    if [speed for speed, _ in found] == [speed for speed, _ in wanted]:
        advice = "Each price leaves as it is."
    if sorted(found) == sorted(wanted):
        advice = "Keep the order that they come in."
    assert found == wanted, (
        f"The check made carrier_offers return these speeds and prices: {wanted}. The "
        f"client got {found}. {advice}"
    )


# - Only `speed` and `price` are sent, whatever fields the carriers' offers have.
async def test_neither_carrier_nor_cost_leaves(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    """Who drives, and what Waybill pays, stays inside Waybill."""
    described = app.openapi()["paths"]["/rates/{country}/offers"]["get"]
    advice = (
        "FastAPI filters what you return by the response model, unless you return a "
        "Response, such as a JSONResponse."
    )
    if set(promised(app, described)) - {"speed", "price"}:
        advice = (
            "Your response model has these fields itself. Without response_model= in "
            "the decorator, the return type is the response model."
        )
    for offer in await offers(client, "FR"):
        leaked = sorted(set(offer) - {"speed", "price"})
        assert not leaked, (
            f"{' and '.join(leaked)} left with the {offer.get('speed')} offer; only "
            f"speed and price may. {advice}"
        )


# - Only `speed` and `price` are sent, whatever fields the carriers' offers have.
async def test_only_what_is_promised_leaves(
    client: httpx.AsyncClient, tomorrow: Callable[[], None]
) -> None:
    """A field that carriers add tomorrow stays inside Waybill, too."""
    await offers(client, "PL")
    tomorrow()
    for offer in await offers(client, "PL"):
        leaked = sorted(set(offer) - {"speed", "price"})
        assert not leaked, (
            f"The check gave the carriers' offers a new field `margin`, and "
            f"{' and '.join(leaked)} left. Let a model say what may leave, instead of "
            f"a list of what may not."
        )


# - The answer's `Cache-Control` is `public, max-age=3600`.
async def test_the_answer_may_be_kept_for_an_hour(client: httpx.AsyncClient) -> None:
    """`Cache-Control` is `public, max-age=3600`."""
    response = await client.get("/rates/BE/offers")
    said = response.headers.get("Cache-Control")
    parts = {part.strip().lower() for part in (said or "").split(",")}
    assert said, (
        "The answer has no Cache-Control. FastAPI lends you a Response if you declare "
        "a parameter of that type: set the header there. A Response that you make "
        "yourself is sent only if you return it."
    )
    assert parts == {"public", "max-age=3600"}, (
        f"Cache-Control is {said!r}; wanted is 'public, max-age=3600', which means "
        "that everybody may keep the answer for an hour."
    )


# - The docs say that the answer is a list of `Offer`.
def test_the_docs_promise_offers(app: FastAPI) -> None:
    """The docs say that the answer is a list of `Offer`: speed and price, no more."""
    found = promised(app, app.openapi()["paths"]["/rates/{country}/offers"]["get"])
    wanted = dict.fromkeys(("speed", "price"), "string")
    assert found == wanted, (
        f"For each item of the list, the docs promise {found or 'no fields'}; "
        f"wanted are {wanted}: the answer is a list[Offer]. Say it with "
        f"response_model= in the decorator, or as the return type."
    )


# - Inside Waybill, an offer still has all its fields:
def test_inside_an_offer_is_complete() -> None:
    """Inside Waybill, an offer still has its carrier and its cost."""
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
        f"four fields elsewhere: leave it and the models as they were, and filter "
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
                f"they were."
            )


# - A country without a rate is answered 404, and a badly written one 422, as before.
async def test_countries_are_refused_as_before(connect: Connect, app: FastAPI) -> None:
    """A country without a rate is answered 404, and a badly written one 422."""
    for country, wanted in {"JP": 404, "nl": 422, "NLD": 422}.items():
        async with connect(app, raise_app_exceptions=False) as client:
            response = await client.get(f"/rates/{country}/offers")
        assert response.status_code == wanted, (
            f"GET /rates/{country}/offers was answered {response.status_code} instead "
            f"of {wanted}. CountryCode refuses what is badly written, and find_rate "
            f"raises the 404: use both."
        )
