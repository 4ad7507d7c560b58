"""Checks of the kata requests.rate_list."""

from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]

BOUNDS = {"limit": (20, 1, 100), "offset": (0, 0, 10_000)}
"""Default, least and most."""


@pytest.fixture
def countries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fill RATES with 130 countries, out of order; return them in order."""
    from waybill import rates

    codes = [first + second for first in "ABCDE" for second in ascii_uppercase]
    shuffled = sorted(codes, key=lambda code: code[::-1])
    for country in list(rates.RATES):
        monkeypatch.delitem(rates.RATES, country)
    for number, country in enumerate(shuffled):
        rate = rates.Rate(
            country=country, base=Decimal(200 - number), per_kg=Decimal(number)
        )
        monkeypatch.setitem(rates.RATES, country, rate)
    return codes


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


def refused(response: httpx.Response, name: str, allowed: str) -> None:
    """Assert that a page was refused, with the parameter named."""
    asked = response.request.url.raw_path.decode()
    status = response.status_code
    count = len(response.json()) if status == 200 else 0
    came = f", with {count} of the 130 rates that the check made up" if count else ""
    assert status != 307, (
        f"GET {asked} was answered 307, which sends the client to the same path with a "
        f"slash at its end. Your route is there. Its path in the decorator should be "
        f"the empty text, as it was."
    )
    assert status == 422, (
        f"GET {asked} was answered {status} instead of 422{came}; `{name}` may be "
        f"{allowed}. Declare the bounds with Query(ge=..., le=...): a number that is "
        f"let through, or changed in silence, misleads the client."
    )
    detail = response.json()["detail"]
    places = [one["loc"] for one in detail] if isinstance(detail, list) else detail
    assert places == [["query", name]], (
        f"GET {asked} was answered 422, and it should name the query's `{name}`: "
        f"{response.text}. Declare the bounds, and FastAPI writes the 422."
    )


# - Any other value is answered 422, which names the parameter.
@pytest.mark.parametrize("limit", [-1, 0, 101, 10**9, 2**63])
@pytest.mark.usefixtures("countries")
async def test_limit_has_bounds(client: httpx.AsyncClient, limit: int) -> None:
    """A `limit` below 1 or above 100 is answered 422, which names `limit`."""
    response = await client.get("/rates", params={"limit": limit})
    refused(response, "limit", "1 to 100")


# - Any other value is answered 422, which names the parameter.
@pytest.mark.parametrize("offset", [-1, -20, 10_001, 2**63])
@pytest.mark.usefixtures("countries")
async def test_offset_has_bounds(client: httpx.AsyncClient, offset: int) -> None:
    """An `offset` below 0 or above 10,000 is answered 422, which names `offset`."""
    response = await client.get("/rates", params={"offset": offset})
    refused(response, "offset", "0 to 10,000")


def listed(response: httpx.Response) -> list[str]:
    """Return the countries of a page, in the order they came."""
    asked = response.request.url.raw_path.decode()
    assert response.status_code == 200, (
        f"GET {asked} is fine, and was answered {response.status_code}: {response.text}"
    )
    page = response.json()
    assert isinstance(page, list), (
        f"GET {asked} should be answered with a list of rates; yours is {page!r}."
    )
    return [rate["country"] for rate in page]


# - The list holds what `RATES` holds when the request comes, ordered by `country`.
async def test_the_list_is_ordered(
    client: httpx.AsyncClient, countries: list[str]
) -> None:
    """The rates come ordered by country, whatever their order in `RATES` is."""
    came = listed(await client.get("/rates", params={"limit": 30}))
    assert came == sorted(came), (
        f"The page begins with {came[:5]}, which is not ordered by country. The check "
        f"filled RATES with 130 countries out of order: sort them."
    )
    missing = sorted(set(countries[:30]) - set(came))
    assert came == countries[:30], (
        f"The page is ordered, but {missing[:5]} should be on it. Sort all that RATES "
        f"holds when the request comes, and cut out the page afterwards."
    )


async def test_the_list_is_of_today(
    client: httpx.AsyncClient, countries: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rate that was replaced, and one that is gone, are so in the list as well."""
    from waybill.rates import RATES

    first, second, third, *_ = countries
    await client.get("/rates")
    dearer = RATES[first].model_copy(update={"base": Decimal("987.60")})
    monkeypatch.setitem(RATES, first, dearer)
    page = (await client.get("/rates", params={"limit": 2})).json()
    assert page[0]["base"] == "987.60", (
        f"The rate of {first} was replaced by another one, and the list has {page[0]}. "
        "Make it of RATES for each request."
    )
    free = RATES[first].model_copy(update={"base": Decimal(0), "per_kg": Decimal(0)})
    monkeypatch.setitem(RATES, first, free)
    page = (await client.get("/rates", params={"limit": 2})).json()
    assert [one["country"] for one in page] == [first, second], (
        f"The rate of {first} is 0 euros now, and the list begins with {page}. What "
        "stands in RATES is in the list, whatever it costs."
    )
    monkeypatch.delitem(RATES, second)
    came = listed(await client.get("/rates", params={"limit": 2}))
    assert came == [first, third], f"There is no {second} any more: {came}."


# - `limit` is how many rates come at most.
async def test_a_page_has_twenty_unless_asked(
    client: httpx.AsyncClient, countries: list[str]
) -> None:
    """Without parameters the first 20 rates come."""
    came = listed(await client.get("/rates"))
    assert came == countries[:20], (
        f"The check filled RATES with 130 countries. GET /rates brought {len(came)} of "
        f"them, from {came[:1]} to {came[-1:]}; wanted are the first 20, AA to AT."
    )


# - `offset` is how many rates are skipped first.
async def test_pages_follow_each_other(
    client: httpx.AsyncClient, countries: list[str]
) -> None:
    """`offset` rates are skipped, and then at most `limit` rates come."""
    for limit, offset in ((1, 0), (2, 1), (100, 0), (100, 100), (7, 126), (5, 9_999)):
        page = {"limit": limit, "offset": offset}
        came = listed(await client.get("/rates", params=page))
        wanted = countries[offset:][:limit]
        assert came == wanted, (
            f"With limit={limit} and offset={offset}, {len(came)} rates came and the "
            f"first were {came[:2]}; wanted are {len(wanted)}, and the first are "
            f"{wanted[:2]}."
        )
    came = listed(await client.get("/rates", params={"offset": 10_000}))
    assert not came, (
        f"With offset=10000 all 130 rates are skipped, and {came[:2]} came."
    )


# - Any other value is answered 422, which names the parameter.
async def test_no_number_is_refused(client: httpx.AsyncClient) -> None:
    """What is no whole number is answered 422, which names the parameter."""
    for name in BOUNDS:
        for value in ("all", "1.5", ""):
            response = await client.get("/rates", params={name: value})
            least, most = BOUNDS[name][1:]
            refused(response, name, f"a whole number from {least} to {most}")


# - The docs show both defaults and all bounds, and say that the answer is a list of
def test_the_docs_show_the_bounds(app: FastAPI) -> None:
    """The docs show the default, the minimum and the maximum of both parameters."""
    operation = app.openapi()["paths"]["/rates"]["get"]
    shown = {one["name"]: one["schema"] for one in operation.get("parameters", [])}
    for name, wanted in BOUNDS.items():
        schema = shown.get(name, {})
        least = schema.get("minimum", schema.get("exclusiveMinimum", -2) + 1)
        most = schema.get("maximum", schema.get("exclusiveMaximum", 0) - 1)
        found = (schema.get("default"), least, most)
        assert found == wanted, (
            f"The docs should show of `{name}`: default {wanted[0]}, from {wanted[1]} "
            f"to {wanted[2]}. They show {schema}. Bounds that the code of the "
            f"function checks are invisible there; declare them with Query."
        )


# - The docs show both defaults and all bounds, and say that the answer is a list of
def test_the_docs_promise_rates(app: FastAPI) -> None:
    """The docs say that the answer is a list of `Rate`."""
    operation = app.openapi()["paths"]["/rates"]["get"]
    found = promised(app, operation)
    wanted = dict.fromkeys(("country", "base", "per_kg"), "string")
    assert found == wanted, (
        f"For each item of the list, the docs promise {found or 'no fields'}; "
        f"wanted are {wanted}. Keep the return type that the starting code has, a list."
    )


# - `offset` is how many rates are skipped first.
async def test_a_short_page_has_whole_rates(client: httpx.AsyncClient) -> None:
    """On Waybill's own list, `limit=2` and `offset=1` bring Belgium and Germany."""
    response = await client.get("/rates?limit=2&offset=1")
    assert listed(response) == ["BE", "DE"], (
        f"GET /rates?limit=2&offset=1 should bring BE and DE; it brought "
        f"{response.text}"
    )
    wanted = [
        {"country": "BE", "base": "6.20", "per_kg": "0.70"},
        {"country": "DE", "base": "4.50", "per_kg": "0.50"},
    ]
    assert response.json() == wanted, (
        f"The countries are right, but their rates are {response.text}. Return the "
        "rates that stand in RATES, as they are."
    )
