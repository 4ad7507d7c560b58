"""Checks of testing.carriers: small tests that ask for the learner's `carriers`."""

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx
import pytest

Run = Callable[..., SimpleNamespace]

HEAD = """
import httpx
import pytest

URL = "/v1/quotes?country=PL&weight_g=1234"


async def ask(client):
    response = await client.get(URL)
    assert response.status_code == 200
    return response.json()


def quote(price, days):
    return httpx.Response(200, json={"price": price, "days": days})
"""
REPLIES = f"""{HEAD}
async def prices(client):
    quotes = (await ask(client))["quotes"]
    return {{one["carrier"]: (one["price"], one["days"]) for one in quotes}}


@pytest.mark.anyio
async def test_replies(client, carriers):
    carriers.replies["lowland.example"] = quote("7.25", 4)
    carriers.replies["night.example"] = quote("9.00", 1)
    found = await prices(client)
    assert found == {{"Lowland Freight": ("7.25", 4), "Night Mail": ("9.00", 1)}}
    carriers.replies["night.example"] = quote("1.00", 6)
    found = await prices(client)
    assert found == {{"Lowland Freight": ("7.25", 4), "Night Mail": ("1.00", 6)}}
"""
FAILS = f"""{HEAD}
REPLIES = {{
    "a 500": (httpx.Response(500), "failed"),
    'the JSON {{"price": "free"}}': (quote("free", 4), "failed"),
    "a price of 100 digits": (quote("9" * 100, 4), "failed"),
    "httpx.ConnectError": (httpx.ConnectError(""), "failed"),
    "httpx.ReadTimeout": (httpx.ReadTimeout(""), "late"),
}}


@pytest.mark.anyio
@pytest.mark.parametrize("reply", REPLIES)
async def test_one_is_missing(client, carriers, reply):
    carriers.replies["lowland.example"] = quote("7.25", 4)
    carriers.replies["night.example"], reason = REPLIES[reply]
    missing = (await ask(client))["missing"]
    assert missing == {{"Night Mail": reason}}, reply
"""
NOTES = f"""{HEAD}
@pytest.mark.anyio
async def test_asked(client, carriers):
    carriers.replies["lowland.example"] = quote("7.25", 4)
    assert carriers.asked == []
    await ask(client)
    asked = {{(one.url.host, *one.url.params.values()) for one in carriers.asked}}
    wanted = "PL", "1234"
    assert asked == {{("lowland.example", *wanted), ("night.example", *wanted)}}
    assert len(carriers.asked) == 2
"""
ASKS = f"""{HEAD}
@pytest.mark.anyio
async def test_one(client, carriers):
    carriers.replies["night.example"] = quote("7.25", 4)
    await ask(client)


@pytest.mark.anyio
async def test_two(client, carriers):
    carriers.replies["night.example"] = quote("7.25", 4)
    assert not await ask(client), "as planned"
"""
FRESH = f"""{HEAD}
@pytest.mark.anyio
async def test_one(client, carriers):
    carriers.replies["lowland.example"] = quote("7.25", 4)
    carriers.replies["night.example"] = quote("9.00", 1)
    await ask(client)


@pytest.mark.anyio
async def test_two(carriers):
    assert carriers.replies == {{}}, "replies of an earlier test are there"
    assert carriers.asked == [], "questions of an earlier test are there"
"""
SHARED = """
import pytest
from waybill.app import create_app
from waybill.settings import Settings


@pytest.fixture(scope="module")
def app():
    app = create_app(Settings(environment="development"))
    from tests.conftest import carrier_settings

    app.dependency_overrides[print] = len
    app.dependency_overrides[carrier_settings] = len
    app.state.ask = "as it was"
    return app


@pytest.mark.anyio
async def test_one(app, carriers):
    app.dependency_overrides[id] = len  # it is this test's own matter


@pytest.mark.anyio
async def test_two(app, carriers):
    assert carriers is None, "as planned"


@pytest.mark.anyio
async def test_three(app):
    from tests.conftest import app_ask, carrier_settings

    overrides = app.dependency_overrides
    assert app_ask not in overrides, "app_ask is still overridden"
    assert print in overrides, "what others had overridden is gone"
    assert carrier_settings in overrides, "carrier_settings had another override before"
    assert overrides[carrier_settings] is len, "carrier_settings is still overridden"
    ask = getattr(app.state, "ask", "gone, and was there before")
    assert ask == "as it was", f"app.state.ask is {ask}"
"""


@pytest.fixture
def run_here(run_tests: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs tests on a machine that knows other carriers."""
    other = '{"Real Freight": "http://real.invalid/quote"}'
    monkeypatch.setenv("WAYBILL_CARRIERS", other)
    from waybill.carriers import get_carrier_settings

    get_carrier_settings()  # a process reads them once, and this one has
    return run_tests


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> list[httpx.AsyncClient]:
    """The clients that were made with a MockTransport."""
    made: list[httpx.AsyncClient] = []
    begin = httpx.AsyncClient.__init__

    def note(client: httpx.AsyncClient, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
        begin(client, *arguments, **options)
        if isinstance(options.get("transport"), httpx.MockTransport):
            made.append(client)

    monkeypatch.setattr(httpx.AsyncClient, "__init__", note)
    return made


# - Each carrier gives the reply that a test has put into `carriers.replies`, by its
# host: a response, or an exception.
def test_replies_are_quoted(run_here: Run) -> None:
    """Each carrier gives the reply that a test has put into `carriers.replies`."""
    outcome = run_here(REPLIES)
    advice = (
        "FastAPI calls what you override with, and reads its parameters from the "
        "request: let it be a function without any, `lambda: ask`."
        if "422 == 200" in outcome.story
        else "No carrier had a quote. Were those of CARRIERS asked? Override "
        "carrier_settings, and keep the client open while the test runs."
        if "502 == 200" in outcome.story
        else "Let the replies reach Waybill: a client with "
        "httpx.MockTransport(carriers.answer) brings them."
    )
    assert not outcome.problems, (
        "A test let Lowland Freight ask for 7.25 and Night Mail for 9.00, and in a "
        f"second question for 1.00. It ended with {outcome.story}. {advice}"
    )


def test_replies_are_of_one_test(run_here: Run) -> None:
    """No test finds replies or questions of an earlier one."""
    outcome = run_here(FRESH)
    assert not outcome.problems, (
        "One test put replies into carriers.replies and asked, the next one looked at "
        f"`carriers` alone, and one of them ended with {outcome.story}. Make new "
        "Carriers for each test, with a dictionary and a list of their own."
    )


# - Waybill's own `ask_carrier` asks, so a 500 is no quote, and neither is `{"price":
# "free"}`.
def test_failures_are_waybills_matter(run_here: Run) -> None:
    """A 500, nonsense or an exception is no quote, as Waybill's own code says."""
    outcome = run_here(FAILS)
    assert not outcome.problems, (
        "A test let Night Mail reply with what is no quote, and ended with "
        f"{outcome.story}. Leave it to ask_carrier to judge replies."
    )


def test_ask_carrier_asks(
    run_here: Run, conftest: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waybill's own `ask_carrier` asks every carrier."""
    from waybill import carriers

    right, asked = carriers.ask_carrier, []

    async def noted(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        asked.append(arguments)
        return await right(*arguments, **options)

    for module in (carriers, conftest):
        for name, value in [*vars(module).items()]:
            if value is right:
                monkeypatch.setattr(module, name, noted)
    run_here(NOTES)
    times = len(asked)
    assert times == 2, (
        f"Two carriers were asked, and Waybill's ask_carrier was called {times} times. "
        "Let the override of app_ask return partial(ask_carrier, client)."
    )


# - Every request that a carrier gets is in `carriers.asked`.
def test_requests_are_kept(run_here: Run) -> None:
    """Every request that a carrier gets is in `carriers.asked`."""
    outcome = run_here(NOTES)
    assert not outcome.problems, (
        "A test asked for a quote to PL for 1234 g, and looked at carriers.asked. It "
        f"ended with {outcome.story}. carriers.answer notes what it is asked."
    )


# - The carriers are those of `CARRIERS`, whatever this machine's settings say.
def test_carriers_are_made_up(run_here: Run) -> None:
    """The carriers are those of `CARRIERS`, whatever this machine's settings say."""
    outcome = run_here(REPLIES, NOTES)
    assert not outcome.problems, (
        "On this machine WAYBILL_CARRIERS names Real Freight, and a test ended with "
        f"{outcome.story}. Override carrier_settings, too."
    )


# - When the test is over, the app's overrides are what they were before, and the client
# is closed.
def test_overrides_are_undone(run_here: Run) -> None:
    """When the test is over, the app's overrides are what they were before."""
    outcome = run_here(SHARED)
    told = [str(one) for one in outcome.problems if "as planned" not in str(one)]
    assert not told, (
        "Three tests shared one app, and the first two asked for `carriers`. Then one "
        f"ended with: {told[0].partition(chr(10))[0]}. Undo what the fixture has set, "
        "and nothing else: monkeypatch.setitem does. Leave app.state alone."
    )


def test_client_is_closed(run_here: Run, clients: list[httpx.AsyncClient]) -> None:
    """When the test is over, the client is closed, also when the test has failed."""
    run_here(ASKS)
    assert clients, (
        "Two tests asked for quotes, and no client with a MockTransport was made."
    )
    closed = sum(client.is_closed for client in clients)
    assert closed == len(clients), (
        f"Two tests asked for quotes, one of them failed, and of {len(clients)} "
        f"clients {closed} are closed. Yield from inside `async with`."
    )
