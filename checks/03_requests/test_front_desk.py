"""Checks of the kata requests.front_desk."""

import importlib
import sys
from collections.abc import Callable, Iterator

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The app of hello.py, imported anew while the router has one route more."""
    import waybill
    from waybill import hello, rates

    monkeypatch.setattr(rates.router, "routes", [*rates.router.routes])

    @rates.router.get("/made-up/by-the-check")
    async def made_up() -> str:
        return "found"

    monkeypatch.delitem(sys.modules, "waybill.hello")
    fresh = importlib.import_module("waybill.hello")
    yield fresh.app
    sys.modules["waybill.hello"] = waybill.hello = hello


async def get(connect: Connect, app: FastAPI, path: str) -> httpx.Response:
    """Ask the app for a path."""
    async with connect(app, raise_app_exceptions=False) as client:
        return await client.get(path)


# - The app answers every route of `rates.router`, at the router's own paths.
async def test_rates_are_answered(connect: Connect, app: FastAPI) -> None:
    """The app of `waybill/hello.py` answers `GET /rates/NL` with that rate."""
    response = await get(connect, app, "/rates/NL")
    assert response.status_code == 200, (
        f"GET /rates/NL was answered {response.status_code} by the app in "
        "waybill/hello.py. Include rates.router in `app`, and give it no further "
        "prefix: the router has /rates already."
    )
    wanted = {"country": "NL", "base": "5.90", "per_kg": "0.65"}
    assert response.json() == wanted, (
        f"GET /rates/NL was answered {response.text}; in RATES stands {wanted}. "
        "Leave the answer to the router."
    )


# - The app answers every route of `rates.router`, at the router's own paths.
async def test_the_404_is_that_of_find_rate(connect: Connect, app: FastAPI) -> None:
    """A country without a rate gets the router's own 404."""
    response = await get(connect, app, "/rates/JP")
    detail = response.json().get("detail") if response.status_code == 404 else None
    assert response.status_code == 404, (
        f"GET /rates/JP was answered {response.status_code} instead of 404. Leave the "
        "answer to the router."
    )
    assert "JP" in str(detail), (
        f"GET /rates/JP was answered 404 with the detail {detail!r}, which is what any "
        "unknown path gets. The 404 of find_rate names the country: is the router "
        "included in `app`?"
    )


# - The app answers every route of `rates.router`, at the router's own paths.
async def test_later_routes_are_answered_too(connect: Connect, app: FastAPI) -> None:
    """A route that was added to the router is answered without a change."""
    path = "/rates/made-up/by-the-check"
    response = await get(connect, app, path)
    assert response.status_code == 200, (
        f"The check added a route to rates.router and imported hello.py again. "
        f"GET {path} was answered {response.status_code} instead of 200. Include the "
        "router as a whole, instead of its routes one by one."
    )


# - What the app answered before stays: `GET /hello` still greets.
async def test_hello_still_greets(connect: Connect, app: FastAPI) -> None:
    """`GET /hello` still greets."""
    response = await get(connect, app, "/hello")
    assert response.status_code == 200, (
        f"GET /hello was answered {response.status_code} instead of 200. `app` is in "
        "this file already: a second FastAPI() forgets what the first one knew, and "
        'what is mounted at "/" answers every path below it. Include the router.'
    )
    assert response.json() == {"message": "Hello from Waybill"}, (
        f"GET /hello was answered {response.text}. Leave the greeting to its own kata, "
        "in lesson 01."
    )
