"""Checks of testing.app: small tests that ask for the learner's `app` and `client`."""

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Run = Callable[..., SimpleNamespace]

TWO = """
import pytest


@pytest.mark.anyio
async def test_one(app):
    app.state.notes.append("test")
    app.dependency_overrides[print] = len


@pytest.mark.anyio
async def test_two(app):
    app.state.notes.append("test")
    assert print not in app.dependency_overrides
"""
FAILS = """
import pytest


@pytest.mark.anyio
async def test_one(app):
    app.state.notes.append("test")
    assert not app
"""
ASKS = """
import pytest


@pytest.mark.anyio
async def test_one(app, client):
    app.add_api_route("/mark", lambda: "the same app")
    response = await client.get("/mark")
    assert response.json() == "the same app"
    assert (await client.get("/v1/rates")).is_success


@pytest.mark.anyio
async def test_two(client, app):
    assert not client.is_closed
    assert not (await client.get("/mark")).is_success


@pytest.mark.anyio
async def test_three(client):
    assert client.is_closed, "as planned"
"""
WRITES = """
import pytest

from waybill.tables import Account


@pytest.mark.anyio
async def test_one(app, database_url):
    async with app.state.sessions.begin() as session:
        assert session.get_bind().url.database == database_url.partition("///")[2]
        session.add(Account(email="lena@example.com"))


@pytest.mark.anyio
async def test_two(client, app, database_url):
    async with app.state.sessions.begin() as session:
        session.add(Account(email="lena@example.com"))
"""


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happens, in order: an app opens its resources, a test runs, it closes."""
    from waybill import app as module

    happened: list[str] = []

    @asynccontextmanager
    async def note(app: FastAPI) -> AsyncIterator[None]:
        app.state.notes = happened
        main = threading.current_thread() is threading.main_thread()
        happened.append("start" if main else "elsewhere")
        try:
            yield
        except GeneratorExit:  # nobody went on: it went with its event loop
            happened.append("dropped")
            raise
        happened.append("stop")

    monkeypatch.setattr(module, "resources", [*module.resources, note])
    return happened


# - `app` is a Waybill that has started, in the event loop of the test, and it uses the
# database at `database_url`.
def test_app_has_started(run_tests: Run, notes: list[str]) -> None:
    """`app` has started when the test begins."""
    outcome = run_tests(TWO)
    started = [one.replace("elsewhere", "start") for one in notes[:2]]
    story = f"A test asked for `app`, and ended with {outcome.story}."
    if not outcome.story or "'notes'" in story:  # a name that is this check's own
        story = (
            "A test asked for `app`. Nobody had started the app, and its state was "
            "empty: run its lifespan around the `yield`, as the example does."
        )
    if "ScopeMismatch" in story:
        story = (
            "A test asked for `app`, and pytest refused: `app` can't live longer than "
            "`database_url`. Take its scope= away: every test gets an app of its own."
        )
    if started == ["start", "stop"]:
        story = (
            "A test asked for `app`, and the app had stopped before the test began: "
            "yield it inside the block of its lifespan, and don't return it."
        )
    is_right = started == ["start", "test"]
    assert is_right, story


def test_app_runs_in_the_loop_of_the_test(run_tests: Run, notes: list[str]) -> None:
    """`app` has started in the event loop of the test."""
    run_tests(TWO)
    elsewhere = notes.count("elsewhere")
    assert not elsewhere, (
        "The app was started in another event loop than the test's: a TestClient has "
        "one of its own, in a thread. What is opened there can't be awaited here. "
        "`lifespan_context` starts an app in the loop that runs."
    )


def test_app_uses_the_database(run_tests: Run) -> None:
    """`app` uses the database at `database_url`."""
    outcome = run_tests(WRITES)
    assert not outcome.problems, (
        "Two tests added an account, each to the database of its `app`, and one of "
        f"them ended with {outcome.story}. Hand database_url to Settings."
    )


# - Every test gets an app of its own, made when the test asks for it.
def test_app_is_not_shared(run_tests: Run, notes: list[str]) -> None:
    """Every test gets an app of its own, without what another one has overridden."""
    outcome = run_tests(TWO)
    apps = [given.get("app") for given in outcome.fixtures]
    different = len({id(app) for app in apps})
    assert different == 2, (
        "Two tests got the same app, or none. What one overrides, the other one "
        "meets. Make the app inside the fixture, with no wider scope=."
    )
    assert not outcome.problems, f"A test ended with {outcome.story}."
    started = notes.count("start")
    assert started == 2, (
        f"Two tests asked for `app`, and apps have started {started} times."
    )


def test_nothing_is_made_at_import(conftest: ModuleType) -> None:
    """No app is made before a test asks for it."""
    made = [name for name, value in vars(conftest).items() if type(value) is FastAPI]
    assert not made, (
        f"tests/conftest.py makes the app `{made[0]}` when it is imported, whether or "
        "not a test wants it. Make it inside the fixture."
    )


# - The app stops when its test is over, also when the test has failed.
@pytest.mark.parametrize("tests", [TWO, FAILS], ids=["passes", "fails"])
def test_app_stops(run_tests: Run, notes: list[str], tests: str) -> None:
    """The app stops when its test is over, also when the test has failed."""
    outcome = run_tests(tests)
    wanted = ["start", "test", "stop"] * len(outcome.fixtures)
    assert notes == wanted, (
        f"What happened was {notes}, and should be {wanted}. The lifespan ends with "
        "the block in which the fixture yields."
    )


# - `client` is an open `httpx.AsyncClient` that asks this `app`. It is closed when the
# test is over.
def test_client_asks_this_app(run_tests: Run) -> None:
    """`client` is an httpx.AsyncClient that asks the same `app`."""
    outcome = run_tests(ASKS)
    clients = [given["client"] for given in outcome.fixtures if "client" in given]
    kinds = {type(client).__name__ for client in clients}
    assert all(isinstance(client, httpx.AsyncClient) for client in clients), (
        f"`client` was a {kinds.pop()}. Tests await what it returns, so lend them an "
        "httpx.AsyncClient."
    )
    told = [str(one) for one in outcome.problems if "as planned" not in str(one)]
    assert outcome.passed == 2, (
        "A test gave `app` one more route, and asked for it through `client`: "
        f"{(told or [outcome.story])[0]}. Its transport should have this very `app`."
    )


def test_client_is_closed(run_tests: Run) -> None:
    """`client` is closed when its test is over, also when the test has failed."""
    outcome = run_tests(ASKS)
    clients: list[Any] = [given.get("client") for given in outcome.fixtures]
    closed = sum(getattr(client, "is_closed", False) for client in clients)
    assert closed == 3, (
        f"Two tests have passed and one has failed, and {closed} of their three "
        "clients are closed. Yield the client from inside its `async with`."
    )
