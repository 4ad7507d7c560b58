"""Checks of the kata first_endpoint.client.

Each runs pytest on two small tests that ask for the learner's `client`.
"""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI

RunPytest = Callable[..., SimpleNamespace]
RunWithClient = Callable[[str], SimpleNamespace]

TWO_TESTS = """
import pytest

@pytest.mark.anyio
async def test_one(client):
    response = await client.get("{path}")
    assert response.status_code == 200, f"{path} answered {{response.status_code}}"

@pytest.mark.anyio
async def test_two(client):
    await client.get("{path}")
"""


@pytest.fixture
def run_with_client(run_pytest: RunPytest, tmp_path: Path) -> RunWithClient:
    """Return a function that runs both tests with the learner's fixtures."""

    def run(path: str) -> SimpleNamespace:
        from tests import test_hello

        file = tmp_path / "test_two.py"
        file.write_text(TWO_TESTS.format(path=path), encoding="utf-8")
        return run_pytest(file, test_hello)

    return run


def test_client_gets_an_answer(run_with_client: RunWithClient) -> None:
    """A test that asks for `client` gets an answer to `GET /openapi.json`."""
    run = run_with_client("/openapi.json")
    assert not run.problems, (
        f"A test asked for `client` and ended with {run.story}. "
        "httpx 0.28 takes no app: it takes a transport= that knows your app."
    )
    assert run.passed == 2, (
        "pytest was given two tests that ask for `client`, and "
        f"{run.passed} of them passed. Let the fixture yield an httpx.AsyncClient."
    )


def test_client_asks_the_app_itself(
    run_with_client: RunWithClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer comes from `waybill.hello.app`, with no server in between."""
    from waybill.hello import app

    stand_in = FastAPI()

    @stand_in.get("/is-it-you")
    async def is_it_you() -> str:
        return "yes"

    # Whatever asks the learner's app in this process now meets the stand-in.
    monkeypatch.setattr(app, "middleware_stack", stand_in)
    run = run_with_client("/is-it-you")
    assert not run.problems, (
        "waybill.hello's app was given a path of its own, and your client ended with "
        f"{run.story}. Give the transport the `app` from waybill.hello, "
        "neither a new FastAPI() nor the address of a server."
    )


def test_client_is_not_shared(run_with_client: RunWithClient) -> None:
    """Every test gets a client of its own."""
    run = run_with_client("/openapi.json")
    clients = {id(given["client"]) for given in run.fixtures}
    assert len(clients) == 2, (
        "Two tests got one and the same client, so cookies of the first reach the "
        "second. Make the client inside the fixture, and give it no wider scope=."
    )


def test_client_is_closed(run_with_client: RunWithClient) -> None:
    """The client is closed when its test is over."""
    run = run_with_client("/openapi.json")
    clients = [given["client"] for given in run.fixtures]
    still_open = [client for client in clients if not client.is_closed]
    assert not still_open, (
        f"Both tests are over, and {len(still_open)} of their clients are still open. "
        "Yield the client from inside `async with`: its end closes it."
    )
