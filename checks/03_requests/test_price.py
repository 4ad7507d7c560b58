"""Checks of the kata requests.price."""

from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]

WINDOW = {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T12:00:00Z"}


def parcel(
    weight_g: int = 1200, country: str = "NL", value: str = "19.90"
) -> dict[str, Any]:
    """Return a parcel as a client sends it."""
    to = {
        "name": "Lena Vogt",
        "street": "Dam 1",
        "city": "Amsterdam",
        "postcode": "1012 JS",
        "country": country,
    }
    return {"to": to, "weight_g": weight_g, "value": value}


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
    model = resolved(app, answer)
    types = {
        name: resolved(app, one).get("type")
        for name, one in model.get("properties", {}).items()
    }
    needed = model.get("required", [])
    return {
        name: one if name in needed else f"perhaps {one}" for name, one in types.items()
    }


async def priced(client: httpx.AsyncClient, **bodies: object) -> dict[str, Any]:
    """Return the price of a request that is fine."""
    response = await client.post("/rates/price", json=bodies)
    status = response.status_code
    advice = {
        422: "The 422 says what FastAPI misses. As long as only one is a model, "
        "the whole body is that model; with two, each stands under its name.",
        201: "Nothing was created: a question was answered.",
        404: "Its country has a rate in RATES. Does your code ask find_rate for "
        "`parcel.to.country`?",
    }
    assert status == 200, (
        f"POST /rates/price with {' and '.join(bodies)}, both without a mistake, was "
        f"answered {status} instead of 200. "
        f"{advice.get(status, 'Compare the function with the rules above.')}"
    )
    price: dict[str, Any] = response.json()
    assert set(price) == {"delivery", "pickup", "total"}, (
        f"A price has delivery, pickup and total; yours is {price}. Keep Price."
    )
    return price


# - The body holds a `parcel`, which is a `ParcelCreate`, and perhaps a `pickup`,
async def test_each_body_stands_under_its_name(client: httpx.AsyncClient) -> None:
    """A body with `parcel` and `pickup` is answered 200 with a price."""
    await priced(client, parcel=parcel(), pickup=WINDOW)


# - A mistake in either of them is answered 422, which names its place.
async def test_both_bodies_are_validated(connect: Connect, app: FastAPI) -> None:
    """A mistake in either body is answered 422, which names its place."""
    good = {"parcel": parcel(), "pickup": WINDOW}
    backwards = {"start": WINDOW["end"], "end": WINDOW["start"]}
    for what, name, bad, *places in (
        ("to 'nl'", "parcel", parcel(country="nl"), ["to", "country"]),
        ("of 0 g", "parcel", parcel(weight_g=0), ["weight_g"]),
        ("that is null", "parcel", None, []),
        ("that ends before it starts", "pickup", backwards, []),
        ("that is `true`", "pickup", True, []),
        ("that is `false`", "pickup", False, []),
        ("without an end", "pickup", {"start": WINDOW["start"]}, ["end"]),
        ("that is `{}`", "pickup", {}, ["start"], ["end"]),
    ):
        async with connect(app, raise_app_exceptions=False) as client:
            response = await client.post("/rates/price", json=good | {name: bad})
        assert response.status_code == 422, (
            f"A {name} {what} was answered {response.status_code} instead of 422. Your "
            f"models of lesson 02 refuse it: let them be the types of the parameters."
        )
        detail = response.json()["detail"]
        named = [one["loc"] for one in detail] if isinstance(detail, list) else detail
        wanted = [["body", name, *place] for place in places]
        assert named == wanted, (
            f"A {name} {what} was answered 422, and it should name {wanted}; yours "
            f"names {named}."
        )
    async with connect(app, raise_app_exceptions=False) as client:
        response = await client.post("/rates/price", json={"pickup": WINDOW})
    assert response.status_code == 422, (
        f"Without a parcel, the answer was {response.status_code} instead of 422. A "
        f"parcel may not be left out: give it no default."
    )


# - The answer's `pickup` is `PICKUP` if the body holds a pickup, and 0 if it is left
async def test_pickup_may_be_left_out(client: httpx.AsyncClient) -> None:
    """A pickup costs 3.50; if it is left out, or null, its price is 0."""
    for how, bodies in (
        ("left out", {"parcel": parcel()}),
        ("null", {"parcel": parcel(), "pickup": None}),
    ):
        response = await client.post("/rates/price", json=bodies)
        assert response.status_code == 200, (
            f"With the pickup {how}, the answer was {response.status_code} instead of "
            f"200. The default decides whether it may be left out, and the type "
            f"whether it may be null: PickupWindow | None = None."
        )
        price = response.json()
        assert Decimal(price["pickup"]) == 0, (
            f"With the pickup {how}, nobody asked for one, and its price is "
            f"{price['pickup']}. Wanted is 0."
        )
    price = await priced(client, parcel=parcel(), pickup=WINDOW)
    assert Decimal(str(price["pickup"])) == Decimal("3.50"), (
        f"A pickup was asked for, and its price is {price['pickup']}. Wanted is 3.50."
    )


# - `delivery` is the country's `base`, plus `per_kg` for each kilogram that has begun.
@pytest.mark.parametrize(
    ("grams", "kilograms"),
    [
        *((1, 1), (999, 1), (1000, 1), (1001, 2), (2000, 2), (2001, 3), (2999, 3)),
        *((3001, 4), (8001, 9), (29_000, 29), (29_001, 30), (30_000, 30)),
    ],
)
async def test_every_kilogram_begun_counts(
    client: httpx.AsyncClient, grams: int, kilograms: int
) -> None:
    """Each kilogram that has begun costs `per_kg`, on top of `base`."""
    for country, base, per_kg in (("NL", "5.90", "0.65"), ("DK", "7.50", "0.90")):
        price = await priced(client, parcel=parcel(grams, country))
        wanted = Decimal(base) + kilograms * Decimal(per_kg)
        assert round(Decimal(price["delivery"]), 2) == wanted, (
            f"To {country}, {grams} g should cost {wanted}: {base}, and {per_kg} "
            f"for each of {kilograms} kg. Yours says {price['delivery']}. Round up, "
            f"and leave whole kilograms as they are."
        )


# - `delivery` is the country's `base`, plus `per_kg` for each kilogram that has begun.
# - The answer's `pickup` is `PICKUP` if the body holds a pickup, and 0 if it is left
async def test_nothing_else_has_a_price(client: httpx.AsyncClient) -> None:
    """What a parcel is worth changes no price, nor how long a pickup may take."""
    weeks = {"start": "2026-03-02T23:00:00+01:00", "end": "2026-03-20T12:00:00Z"}
    usual = await priced(client, parcel=parcel(), pickup=WINDOW)
    for value in ("0", "10000.00"):
        price = await priced(client, parcel=parcel(value=value), pickup=weeks)
        assert price == usual, (
            f"A parcel worth {value} with a pickup within weeks should cost {usual}, "
            f"as one worth 19.90 with a pickup within hours does. Yours says {price}."
        )


# - `total` is the sum of the two.
async def test_the_total_is_the_sum(client: httpx.AsyncClient) -> None:
    """The total is delivery and pickup together."""
    for bodies in ({"parcel": parcel(5000)}, {"parcel": parcel(), "pickup": WINDOW}):
        price = await priced(client, **bodies)
        parts = Decimal(price["delivery"]) + Decimal(price["pickup"])
        assert round(Decimal(price["total"]) - parts, 2) == 0, (
            f"{price['delivery']} and {price['pickup']} are {parts}, and your total is "
            f"{price['total']}."
        )


# - Prices are exact, never rounded, and are sent as text.
async def test_prices_are_exact(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prices are exact, never rounded, and are sent as text."""
    from waybill import rates

    lu = rates.Rate(country="LU", base=Decimal("0.10"), per_kg=Decimal("0.2025"))
    monkeypatch.setitem(rates.RATES, "LU", lu)
    for grams, wanted in {1: "0.3025", 2_500: "0.7075", 6_000: "1.3150"}.items():
        bodies = {"parcel": parcel(grams, "LU"), "pickup": WINDOW}
        response = await client.post("/rates/price", json=bodies)
        assert response.status_code == 200, (
            "The check added a rate for LU to RATES (base 0.10, per_kg 0.2025), and a "
            f"parcel to LU was answered {response.status_code} instead of 200. Let "
            "find_rate look it up each time."
        )
        price = response.json()
        for name, value in price.items():
            assert isinstance(value, str), (
                f"`{name}` left as {value!r}, a number that each client rounds in its "
                f"own way. Keep the type Decimal, which leaves as text."
            )
        assert price["pickup"] == "3.50", (
            f"The pickup costs 3.50, and yours left as {price['pickup']!r}. A float "
            f"forgets the last 0: compute with PICKUP as it is."
        )
        delivery, total = Decimal(price["delivery"]), Decimal(price["total"])
        exact = (Decimal(wanted), Decimal(wanted) + Decimal("3.50"))
        assert (delivery, total) == exact, (
            f"The check added a rate for LU to RATES (base 0.10, per_kg 0.2025). For "
            f"{grams} g, delivery and total should be {exact[0]} and {exact[1]}; yours "
            f"are {delivery} and {total}. Is there a float on the way, or do you round?"
        )


# - A country without a rate is answered 404, as `find_rate` does it.
async def test_a_country_not_served_is_not_found(
    connect: Connect, app: FastAPI
) -> None:
    """A parcel to a country without a rate is answered 404, which names the country."""
    for country in ("JP", "ZZ"):
        bodies = {"parcel": parcel(country=country), "pickup": WINDOW}
        async with connect(app, raise_app_exceptions=False) as client:
            response = await client.post("/rates/price", json=bodies)
        assert response.status_code == 404, (
            f"A parcel to {country} was answered {response.status_code} instead of "
            f"404. Nothing goes there: ask find_rate, which raises the 404."
        )
        assert country in response.json()["detail"], (
            f"The 404 for {country} says {response.text}, and not which country. Let "
            f"find_rate raise it."
        )


# - The docs say that the answer is a `Price`.
def test_the_docs_promise_a_price(app: FastAPI) -> None:
    """The docs say that the answer is a `Price`, with its three fields."""
    found = promised(app, app.openapi()["paths"]["/rates/price"]["post"])
    wanted = dict.fromkeys(("delivery", "pickup", "total"), "string")
    assert found == wanted, (
        f"For a 200, the docs promise {found or 'no fields'}; wanted are {wanted}, for "
        f"a Decimal leaves as text. Keep Price, and the return type."
    )


# - `total` is the sum of the two.
async def test_the_sample_of_the_task(client: httpx.AsyncClient) -> None:
    """The sample of the task gets exactly the price that stands there."""
    price = await priced(client, parcel=parcel(1200), pickup=WINDOW)
    wanted = {"delivery": "7.20", "pickup": "3.50", "total": "10.70"}
    assert price == wanted, (
        f"For 1200 g to NL with a pickup, the task says {wanted}; yours is {price}."
    )


# - The answer's `pickup` is `PICKUP` if the body holds a pickup, and 0 if it is left
async def test_pickup_is_looked_up(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pickup costs what `PICKUP` says, also when that changes."""
    from waybill import rates

    monkeypatch.setattr(rates, "PICKUP", Decimal("4.25"))
    price = await priced(client, parcel=parcel(), pickup=WINDOW)
    assert price["pickup"] == "4.25", (
        f"The check set PICKUP to 4.25, and a pickup costs {price['pickup']}. Take the "
        f"price from PICKUP, so that it is changed in one place."
    )
    assert Decimal(price["total"]) - Decimal(price["delivery"]) == Decimal("4.25"), (
        f"The check set PICKUP to 4.25, and the price is {price}. The total should "
        f"hold the pickup at that price."
    )
