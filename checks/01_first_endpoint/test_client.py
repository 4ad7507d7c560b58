"""Checks of the kata first_endpoint.client.

Each runs pytest on small tests that ask for the learner's `client`.
"""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI

RunPytest = Callable[..., SimpleNamespace]
RunTests = Callable[..., SimpleNamespace]

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
IN_A_CLASS = """
import pytest

@pytest.mark.anyio
class TestTwo:
    async def test_one(self, client):
        await client.get("/openapi.json")

    async def test_two(self, client):
        await client.get("/openapi.json")
"""
ONE_FAILS = f"""{TWO_TESTS}
@pytest.mark.anyio
async def test_three(client):
    assert client.is_closed
"""


@pytest.fixture
def run_tests(run_pytest: RunPytest, tmp_path: Path) -> RunTests:
    """Return a function that runs tests with the learner's fixtures."""
    # A name of its own for each check: Python imports a name only once.
    file = tmp_path / f"{tmp_path.name}.py"

    def run(tests: str = TWO_TESTS) -> SimpleNamespace:
        from tests import test_hello

        file.write_text(tests, encoding="utf-8")
        return run_pytest(file, test_hello)

    return run


# - A test with a parameter `client` gets an open `httpx.AsyncClient`.


def test_client_gets_an_answer(run_tests: RunTests) -> None:
    """A test with a parameter `client` gets a client that is open and answers."""
    run = run_tests()
    problems, passed = run.problems, run.passed
    advice = "Does the fixture yield what open_client() returned, while that is open?"
    if any(isinstance(one, pytest.FixtureLookupError) for one in problems):
        advice = "What stands above `def audience` in the example?"
    elif "context manager" in run.story:
        advice = "open_client() is closed by `async with`, inside an `async def`."
    elif passed:
        advice = "The test itself passed: what does the fixture do after its `yield`?"
    assert not problems, (
        f"A test asked for `client` and ended with {run.story}. {advice}"
    )
    assert passed == 2, (
        f"pytest was given two tests that ask for `client`, and {passed} passed. "
        "Let the fixture yield an httpx.AsyncClient, without skipping a test."
    )


# - The client asks your `app`, without a server.


def test_client_asks_the_app_itself(
    run_tests: RunTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer comes from `waybill.hello.app`, without a server."""
    from waybill.hello import app

    asked = []
    stand_in = FastAPI(openapi_url=None)

    @stand_in.get("/openapi.json")
    async def note() -> None:
        asked.append("/openapi.json")

    # Whatever asks the learner's app in this process now meets the stand-in.
    monkeypatch.setattr(app, "middleware_stack", stand_in)
    run_tests()
    times = len(asked)
    assert times == 2, (
        f"Two tests sent a request, and waybill.hello's app got {times} of them. "
        "Yield a client whose transport has the `app` from waybill.hello: "
        "open_client() returns one."
    )


# - Every test gets a client of its own.


@pytest.mark.parametrize("tests", [TWO_TESTS, IN_A_CLASS], ids=["module", "class"])
def test_client_is_not_shared(run_tests: RunTests, tests: str) -> None:
    """Every test gets a client of its own."""
    clients = [given["client"] for given in run_tests(tests).fixtures]
    different = len({id(client) for client in clients})
    assert different == 2, (
        f"Two tests got {different} clients between them. A shared one carries cookies "
        "from test to test. Open it inside the fixture, with no wider scope=."
    )


# - The client is closed when its test is over, also when the test has failed.


def test_client_is_closed(run_tests: RunTests) -> None:
    """The client is closed when its test is over, also when the test has failed."""
    run = run_tests(ONE_FAILS)
    answered = run.passed
    assert answered == 2, (
        "Two tests that send a request should pass, and one should fail for a reason "
        f"of its own; {answered} passed. Only a client that was open can be closed: is "
        "the `yield` inside the block of `async with`?"
    )
    clients = [given["client"] for given in run.fixtures]
    closed = sum(client.is_closed for client in clients)
    assert closed == 3, (
        "Two tests have passed and one has failed, and of their three clients "
        f"{closed} are closed. Yield the client from inside `async with`: the end of "
        "that block closes it, whether the test passed or failed."
    )
