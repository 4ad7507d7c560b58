"""Checks of the kata requests.rate."""

import re
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException

Connect = Callable[..., httpx.AsyncClient]

PRICES = {
    "DE": ("4.50", "0.50"),
    "NL": ("5.90", "0.65"),
    "BE": ("6.20", "0.70"),
    "PL": ("6.50", "0.75"),
    "AT": ("6.90", "0.80"),
    "FR": ("7.20", "0.85"),
    "DK": ("7.50", "0.90"),
}


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


def operation(app: FastAPI) -> dict[str, Any]:
    """Return what the docs say about GET /rates/{country}."""
    paths = app.openapi()["paths"]
    assert "/rates/{country}" in paths, (
        f"The docs list {sorted(paths)}, and no /rates/{{country}}. Keep the router's "
        f"prefix and the path in the decorator."
    )
    found: dict[str, Any] = paths["/rates/{country}"]["get"]
    return found


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


# - Every country in `RATES` has a rate:
async def test_a_known_country_has_a_rate(client: httpx.AsyncClient) -> None:
    """Every country in `RATES` is answered 200 with its own rate."""
    for country, (base, per_kg) in PRICES.items():
        response = await client.get(f"/rates/{country}")
        status = response.status_code
        advice = {
            422: "FastAPI misses something: has the parameter the name that stands in "
            "the path, and does its pattern take two capitals?",
            500: "Your code raised: compare what it returns with what it promises.",
        }
        assert status == 200, (
            f"GET /rates/{country} was answered {status}; Waybill has a rate for it. "
            f"{advice.get(status, 'Keep RATES, and return what find_rate returns.')}"
        )
        wanted = {"country": country, "base": base, "per_kg": per_kg}
        assert response.json() == wanted, (
            f"GET /rates/{country} was answered {response.text}; in RATES stands "
            f"{wanted}."
        )


# - A country is exactly two capital letters from A to Z.
@pytest.mark.parametrize(
    "country",
    [
        "nl",
        "Nl",
        "N",
        "NLD",
        "N1",
        "ÄÖ",
        "\uff2e\uff2c",
        "НЛ",
        " NL",
        "NL\n",
        "NL,DE",
        "12",
    ],
)
async def test_a_malformed_country_is_refused(
    client: httpx.AsyncClient, country: str
) -> None:
    """What isn't two capitals from A to Z is answered 422, which names `country`."""
    response = await client.get(f"/rates/{quote(country)}")
    status = response.status_code
    advice = {
        200: "It should be refused, rather than respelt or found somewhere in the "
        "text.",
        404: "It can't be a country at all, so refuse it before anybody looks it up: "
        "give Path a pattern that holds for the whole text, from ^ to $.",
        500: "It got as far as your code, which raised. Give Path a pattern in "
        "CountryCode, and FastAPI refuses it before.",
    }
    assert status == 422, (
        f"GET /rates/{quote(country)} asks for the country {country!r}, and was "
        f"answered {status} instead of 422. "
        f"{advice.get(status, 'Refuse it where CountryCode is declared.')}"
    )
    detail = response.json()["detail"]
    places = [one["loc"] for one in detail] if isinstance(detail, list) else detail
    assert places == [["path", "country"]], (
        f"The country {country!r} was answered 422, and it should name `country`, a "
        f"parameter of the path. It says {response.text}. Declare the constraint, and "
        "FastAPI writes the 422."
    )


# - A well-written country without a rate is answered 404.
@pytest.mark.parametrize("country", ["JP", "ZZ", "AA", "GB"])
async def test_an_unknown_country_is_not_found(
    client: httpx.AsyncClient, country: str
) -> None:
    """A well-written country without a rate is answered 404."""
    response = await client.get(f"/rates/{country}")
    status = response.status_code
    advice = {
        200: "Returning something else isn't enough: raise an HTTPException, and the "
        "client sees a 404.",
        422: "The question is well written, and only the answer is missing.",
        500: "The client asked well, and reads that Waybill is broken. Is it an "
        "HTTPException, and do you raise it instead of returning it?",
    }
    assert status == 404, (
        f"GET /rates/{country} was answered {status} instead of 404; nothing goes "
        f"there. {advice.get(status, 'Raise an HTTPException with that status.')}"
    )


# - A well-written country without a rate is answered 404.
async def test_the_404_names_the_country(client: httpx.AsyncClient) -> None:
    """The `detail` of the 404 is a text that contains the country."""
    for country in ("JP", "ZW"):
        detail = (await client.get(f"/rates/{country}")).json().get("detail")
        assert isinstance(detail, str), (
            f"The `detail` of the 404 should be a text; yours is {detail!r}. Pass a "
            "text to HTTPException, behind the status."
        )
        assert country in detail, (
            f"GET /rates/{country} was answered 404 {detail!r}. A mistyped URL gets a "
            f"404 as well: let the detail say that nothing goes to {country}."
        )


# - `find_rate` itself raises that 404, as an `HTTPException`.
def test_find_rate_finds_or_raises() -> None:
    """`find_rate` itself returns a `Rate`, or raises the 404."""
    from waybill.rates import Rate, find_rate

    found = find_rate("FR")
    assert isinstance(found, Rate), (
        f"find_rate('FR') should return a Rate; yours returned {found!r}."
    )
    returned: object = None
    raised: Exception | None = None
    try:
        returned = find_rate("JP")
    except (HTTPException, LookupError) as error:
        raised = error
    assert raised, (
        f"find_rate('JP') returned {returned!r}. It should raise, so that no route can "
        f"forget to look at what it got."
    )
    assert getattr(raised, "status_code", None) == 404, (
        f"find_rate('JP') raised {raised!r}; wanted is an HTTPException with 404. The "
        f"next routes call find_rate as well: raise it there, not in the route."
    )


# - `find_rate` looks into `RATES` each time it is called,
async def test_rates_are_looked_up_when_asked(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rate that comes or goes while Waybill runs counts at once."""
    from waybill import rates

    lu = rates.Rate(country="LU", base=Decimal("6.10"), per_kg=Decimal("0.72"))
    monkeypatch.setitem(rates.RATES, "LU", lu)
    monkeypatch.delitem(rates.RATES, "FR")
    response = await client.get("/rates/LU")
    assert response.status_code == 200, (
        f"The check added LU to RATES, and GET /rates/LU was answered "
        f"{response.status_code} instead of 200. Look into RATES each time: a copy, or "
        "a cache, doesn't see what changes."
    )
    wanted = {"country": "LU", "base": "6.10", "per_kg": "0.72"}
    assert response.json() == wanted, (
        f"The check added {wanted} to RATES, and GET /rates/LU was answered "
        f"{response.text}."
    )
    monkeypatch.setitem(rates.RATES, "LU", lu.model_copy(update={"base": Decimal(0)}))
    response = await client.get("/rates/LU")
    assert response.status_code == 200, (
        "The check added LU with the basic price 0, and GET /rates/LU was answered "
        f"{response.status_code} instead of 200. What stands in RATES has a rate, "
        "whatever it costs."
    )
    response = await client.get("/rates/FR")
    assert response.status_code == 404, (
        f"The check took FR out of RATES, and GET /rates/FR was answered "
        f"{response.status_code} instead of 404. Look into RATES each time: a copy, or "
        "a cache, doesn't see what changes."
    )


# - The docs show a pattern for `country`, and say that the answer is a `Rate`.
def test_the_docs_show_the_pattern(app: FastAPI) -> None:
    """The docs show a pattern for `country`, which fits two capital letters only."""
    parameters = {one["name"]: one for one in operation(app).get("parameters", [])}
    assert "country" in parameters, (
        f"The docs of GET /rates/{{country}} list the parameters {sorted(parameters)}. "
        f"Call the function's parameter as the path does: country."
    )
    schema = parameters["country"]["schema"]
    pattern = schema.get("pattern", "").replace(r"\z", r"\Z")  # Rust's and Python's
    lengths = range(schema.get("minLength", 0), schema.get("maxLength", 9) + 1)
    assert pattern, (
        "The docs show no pattern for `country`, so a client learns the rule from a "
        "422 only. Declare it: CountryCode = Annotated[str, Path(pattern=...)]."
    )
    for country, fits in {"NL": True, "nl": False, "NLD": False, "N": False}.items():
        shown = bool(re.search(pattern, country)) and len(country) in lengths
        assert shown == fits, (
            f"The docs show {schema}, and by that {country!r} "
            f"{'is refused' if fits else 'is fine'}."
        )


# - The docs show a pattern for `country`, and say that the answer is a `Rate`.
def test_the_docs_promise_a_rate(app: FastAPI) -> None:
    """The docs say that the answer is a `Rate`, with its three fields."""
    found = promised(app, operation(app))
    wanted = dict.fromkeys(("country", "base", "per_kg"), "string")
    assert found == wanted, (
        f"For a 200, the docs promise {found or 'no fields'}; wanted are the fields of "
        f"Rate, {wanted}. Keep Rate, and write behind -> what read_rate returns."
    )


# - `CountryCode` has that rule in itself:
async def test_other_routes_can_use_country_code(connect: Connect) -> None:
    """A route of another router refuses the same, with nothing but `CountryCode`."""
    from waybill.rates import CountryCode

    app = FastAPI()

    @app.get("/depots/{country}")
    async def depots(country: CountryCode) -> str:
        return country

    for country, wanted in {"NL": 200, "JP": 200, "nl": 422, "NLD": 422}.items():
        async with connect(app) as client:
            response = await client.get(f"/depots/{country}")
        assert response.status_code == wanted, (
            f"The check made a route of its own with `country: CountryCode`, and GET "
            f"/depots/{country} was answered {response.status_code} instead of "
            f"{wanted}. Write the constraint where CountryCode is declared: offers and "
            "terms rely on it."
        )
