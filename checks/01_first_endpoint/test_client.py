"""Checks of the kata first_endpoint.client.

Each runs pytest on two small tests that ask for the learner's `client`.
"""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI

RunPytest = Callable[..., SimpleNamespace]
TwoTests = Callable[[], SimpleNamespace]

TWO_TESTS = """
import pytest

@pytest.mark.anyio
async def test_one(client):
    response = await client.get("/openapi.json")
    assert response.status_code == 200

@pytest.mark.anyio
async def test_two(client):
    await client.get("/openapi.json")
"""


@pytest.fixture
def two_tests(run_pytest: RunPytest, tmp_path: Path) -> TwoTests:
    """Return a function that runs the two tests with the learner's fixtures."""
    # A name of its own for each check: Python imports a name only once.
    file = tmp_path / f"{tmp_path.name}.py"
    file.write_text(TWO_TESTS, encoding="utf-8")

    def run() -> SimpleNamespace:
        from tests import test_hello

        return run_pytest(file, test_hello)

    return run


def test_client_gets_an_answer(two_tests: TwoTests) -> None:
    """A test that asks for `client` gets an answer to `GET /openapi.json`."""
    run = two_tests()
    problems, passed = run.problems, run.passed
    assert not problems, (
        f"A test asked for `client` and ended with {run.story}. "
        "Give the client a transport= that knows your app (httpx 0.28 takes no app=) "
        "and a base_url=, and yield it while it is open."
    )
    assert passed == 2, (
        f"pytest was given two tests that ask for `client`, and {passed} passed. "
        "Let the fixture yield an httpx.AsyncClient, without skipping a test."
    )


def test_client_asks_the_app_itself(
    two_tests: TwoTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer comes from `waybill.hello.app`, with no server in between."""
    from waybill.hello import app

    asked = []
    stand_in = FastAPI(openapi_url=None)

    @stand_in.get("/openapi.json")
    async def note() -> None:
        asked.append("/openapi.json")

    # Whatever asks the learner's app in this process now meets the stand-in.
    monkeypatch.setattr(app, "middleware_stack", stand_in)
    two_tests()
    times = len(asked)
    assert times == 2, (
        f"Two tests sent a request, and waybill.hello's app got {times} of them. "
        "Give the transport the `app` from waybill.hello, "
        "neither a new FastAPI() nor the address of a server."
    )


def test_client_is_not_shared(two_tests: TwoTests) -> None:
    """Every test gets a client of its own."""
    clients = [given["client"] for given in two_tests().fixtures]
    different = len({id(client) for client in clients})
    assert different == 2, (
        f"Two tests got {different} clients between them. A shared one carries cookies "
        "from test to test. Make it inside the fixture, with no wider scope=."
    )


def test_client_is_closed(two_tests: TwoTests) -> None:
    """The client is closed when its test is over."""
    clients = [given["client"] for given in two_tests().fixtures]
    closed = sum(client.is_closed for client in clients)
    assert closed == 2, (
        f"Both tests are over, and {closed} of their two clients are closed. "
        "Yield the client from inside `async with`: its end closes it."
    )
