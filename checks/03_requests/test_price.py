"""Checks of requests.price: two bodies, and a sum that is exact."""

from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]

WINDOW = {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T12:00:00Z"}


def parcel(weight_g: int = 1200, country: str = "NL") -> dict[str, Any]:
    """Return a parcel as a client sends it."""
    to = {
        "name": "Lena Vogt",
        "street": "Dam 1",
        "city": "Amsterdam",
        "postcode": "1012 JS",
        "country": country,
    }
    return {"to": to, "weight_g": weight_g, "value": "19.90"}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """An app with the routes of `waybill.rates`; Luxembourg is served, too."""
    from waybill import rates

    lu = rates.Rate(country="LU", base=Decimal("0.10"), per_kg=Decimal("0.20"))
    monkeypatch.setitem(rates.RATES, "LU", lu)
    app = FastAPI()
    app.include_router(rates.router)
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


async def priced(client: httpx.AsyncClient, **bodies: object) -> dict[str, Any]:
    """Return the price of a request that is fine."""
    response = await client.post("/rates/price", json=bodies)
    status = response.status_code
    advice = {
        422: "The 422 says what FastAPI misses. While one parameter is a model, the "
        "whole body is that model; with two, each is sought under its name.",
        201: "Nothing was created: a question was answered.",
    }
    assert status == 200, (
        f"A body with {' and '.join(bodies)} was answered {status} instead of 200. "
        f"{advice.get(status, 'Compare the function with the brief.')}"
    )
    price: dict[str, Any] = response.json()
    assert set(price) == {"delivery", "pickup", "total"}, (
        f"A price has delivery, pickup and total; yours is {price}. Keep Price."
    )
    return price


async def test_each_body_stands_under_its_name(client: httpx.AsyncClient) -> None:
    """A body with `parcel` and `pickup` is answered 200 with a price."""
    await priced(client, parcel=parcel(), pickup=WINDOW)


async def test_both_bodies_are_validated(connect: Connect, app: FastAPI) -> None:
    """A mistake in either body is answered 422, with its place named."""
    good = {"parcel": parcel(), "pickup": WINDOW}
    backwards = {"start": WINDOW["end"], "end": WINDOW["start"]}
    for what, name, bad, place in (
        ("to 'nl'", "parcel", parcel(country="nl"), ["to", "country"]),
        ("of 0 g", "parcel", parcel(weight_g=0), ["weight_g"]),
        ("that is null", "parcel", None, []),
        ("that ends before it starts", "pickup", backwards, []),
        ("that is `true`", "pickup", True, []),
        ("without an end", "pickup", {"start": WINDOW["start"]}, ["end"]),
    ):
        async with connect(app, raise_app_exceptions=False) as client:
            response = await client.post("/rates/price", json=good | {name: bad})
        assert response.status_code == 422, (
            f"A {name} {what} was answered {response.status_code}; wanted is 422. Your "
            f"models of lesson 02 refuse it: let them be the types."
        )
        detail = response.json()["detail"]
        named = [one["loc"] for one in detail] if isinstance(detail, list) else detail
        assert named == [["body", name, *place]], (
            f"A {name} {what} was answered 422, and it should name "
            f"{['body', name, *place]}; yours names {named}."
        )
    async with connect(app, raise_app_exceptions=False) as client:
        response = await client.post("/rates/price", json={"pickup": WINDOW})
    assert response.status_code == 422, (
        f"Without a parcel, the answer was {response.status_code}; there is nothing to "
        f"price. Wanted is 422."
    )


async def test_pickup_may_be_left_out(client: httpx.AsyncClient) -> None:
    """Without `pickup`, or with null, its price is 0; with one it is 3.50."""
    for how, bodies in (
        ("left out", {"parcel": parcel()}),
        ("null", {"parcel": parcel(), "pickup": None}),
    ):
        response = await client.post("/rates/price", json=bodies)
        assert response.status_code == 200, (
            f"With the pickup {how}, the answer was {response.status_code}; wanted is "
            f"200. The default says whether it may be left out, and the type whether "
            f"null may come."
        )
        price = response.json()
        assert Decimal(price["pickup"]) == 0, (
            f"Nobody asked for a pickup, and it costs {price['pickup']}. Wanted is 0."
        )
    price = await priced(client, parcel=parcel(), pickup=WINDOW)
    assert Decimal(str(price["pickup"])) == Decimal("3.50"), (
        f"A pickup was asked for, and it costs {price['pickup']}. Wanted is 3.50."
    )


@pytest.mark.parametrize(
    ("grams", "kilograms"),
    [(1, 1), (999, 1), (1000, 1), (1001, 2), (2000, 2), (29_001, 30), (30_000, 30)],
)
async def test_every_kilogram_begun_counts(
    client: httpx.AsyncClient, grams: int, kilograms: int
) -> None:
    """Delivery is the country's basic price, and its price for each kilogram begun."""
    for country, base, per_kg in (("NL", "5.90", "0.65"), ("DK", "7.50", "0.90")):
        price = await priced(client, parcel=parcel(grams, country))
        wanted = Decimal(base) + kilograms * Decimal(per_kg)
        assert round(Decimal(price["delivery"]), 2) == wanted, (
            f"To {country}, {grams} g should cost {wanted}: {base}, and {per_kg} "
            f"for each of {kilograms} kg. Yours says {price['delivery']}. Round up, "
            f"and leave whole kilograms as they are."
        )


async def test_the_total_is_the_sum(client: httpx.AsyncClient) -> None:
    """The total is delivery and pickup together."""
    for bodies in ({"parcel": parcel(5000)}, {"parcel": parcel(), "pickup": WINDOW}):
        price = await priced(client, **bodies)
        parts = Decimal(price["delivery"]) + Decimal(price["pickup"])
        assert round(Decimal(price["total"]) - parts, 2) == 0, (
            f"{price['delivery']} and {price['pickup']} are {parts}, and your total is "
            f"{price['total']}."
        )


async def test_prices_are_exact(client: httpx.AsyncClient) -> None:
    """Prices are exact, and leave as text."""
    for grams, wanted in {1: "0.30", 800: "0.30", 2_500: "0.70", 6_000: "1.30"}.items():
        price = await priced(client, parcel=parcel(grams, "LU"), pickup=WINDOW)
        for name, value in price.items():
            assert isinstance(value, str), (
                f"`{name}` left as {value!r}, a number that each client rounds in its "
                f"own way. Keep the type Decimal."
            )
        assert price["pickup"] == "3.50", (
            f"The pickup costs 3.50, and yours left as {price['pickup']!r}. A float "
            f"forgets the last 0: reckon with PICKUP as it is."
        )
        delivery, total = Decimal(price["delivery"]), Decimal(price["total"])
        exact = (Decimal(wanted), Decimal(wanted) + Decimal("3.50"))
        assert (delivery, total) == exact, (
            f"Delivery and total of {grams} g should be {exact[0]} and {exact[1]}; "
            f"yours are {delivery} and {total}. Is there a float on the way?"
        )


async def test_a_country_not_served_is_not_found(
    connect: Connect, app: FastAPI
) -> None:
    """A parcel to a country that `RATES` lacks is answered 404, with the country."""
    for country in ("JP", "ZZ"):
        bodies = {"parcel": parcel(country=country), "pickup": WINDOW}
        async with connect(app, raise_app_exceptions=False) as client:
            response = await client.post("/rates/price", json=bodies)
        assert response.status_code == 404, (
            f"A parcel to {country} was answered {response.status_code}; nothing goes "
            f"there, so wanted is 404. find_rate knows how."
        )
        assert country in response.json()["detail"], (
            f"The 404 for {country} says {response.text}, and not which country. Let "
            f"find_rate raise it."
        )


def test_the_docs_promise_a_price(app: FastAPI) -> None:
    """The docs promise a `Price` with its three fields, all text."""
    found = promised(app, app.openapi()["paths"]["/rates/price"]["post"])
    wanted = dict.fromkeys(("delivery", "pickup", "total"), "string")
    assert found == wanted, (
        f"For a 200, the docs promise {found or 'no fields'}; wanted are {wanted}, for "
        f"a Decimal leaves as text. Keep Price, and the return type."
    )


def test_the_summary_is_written(app: FastAPI) -> None:
    """Its summary is `What a parcel would cost`."""
    summary = app.openapi()["paths"]["/rates/price"]["post"].get("summary")
    assert summary == "What a parcel would cost", (
        f"The summary should be 'What a parcel would cost'; yours is {summary!r}. "
        f"Without one, FastAPI derives it from the function's name."
    )
