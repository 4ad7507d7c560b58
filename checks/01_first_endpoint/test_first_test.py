"""Checks of the kata first_endpoint.first_test.

The learner's file is run by pytest while another app stands in for theirs.
"""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from fastapi import FastAPI

RunPytest = Callable[..., SimpleNamespace]
RunAgainst = Callable[..., SimpleNamespace]


def front_desk(message: str = "Hello from Waybill", status_code: int = 200) -> FastAPI:
    """Return an app that greets: rightly, unless it is told otherwise."""
    app = FastAPI()

    @app.get("/hello", status_code=status_code)
    async def hello() -> dict[str, str]:
        return {"message": message}

    return app


@pytest.fixture
def run_against(run_pytest: RunPytest, monkeypatch: pytest.MonkeyPatch) -> RunAgainst:
    """Return a function that runs the learner's tests against another app."""

    def run(stand_in: FastAPI | None = None) -> SimpleNamespace:
        from tests import test_hello
        from waybill.hello import app

        # However a test reaches the learner's app, GET /hello is now the stand-in's;
        # the rest stays the app's own, for other tests in the file.
        if stand_in:
            stand_in.mount("/", app.build_middleware_stack())
            monkeypatch.setattr(app, "middleware_stack", stand_in)
        return run_pytest(test_hello.__file__)

    return run


def assert_noticed(run: SimpleNamespace, mistake: str, advice: str) -> None:
    """Assert that a test disagreed, rather than passed or crashed."""
    problems = run.problems
    assert problems, (
        f"This slipped through: {mistake}, and your test stayed green. {advice}"
    )
    disagreed = (AssertionError, pytest.fail.Exception)
    disagreements = [one for one in problems if isinstance(one, disagreed)]
    assert disagreements, (
        f"The app was wrong ({mistake}) and your test crashed: {run.story}. "
        "A crash looks like a broken test. Say what you expect with assert."
    )


def test_right_app_is_green(run_against: RunAgainst) -> None:
    """Your test is green on an app that greets rightly."""
    run = run_against(front_desk())
    problems = run.problems
    assert not problems, (
        "The app answered 200 and {'message': 'Hello from Waybill'}, and your test "
        f"ended with {run.story}. Is the cell of `client` green? Then keep "
        "@pytest.mark.anyio, async and await, and assert what /hello promises."
    )
    passed = run.passed
    assert passed, (
        "pytest found no test that passes. A test's name begins with test_, "
        "and it is neither skipped nor expected to fail."
    )


def test_wrong_status_is_red(run_against: RunAgainst) -> None:
    """It is red when `/hello` answers 201 instead of 200."""
    run = run_against(front_desk(status_code=201))
    assert_noticed(
        run,
        "/hello answered 201 instead of 200",
        "Compare response.status_code with the number you expect, after `assert`.",
    )


def test_wrong_greeting_is_red(run_against: RunAgainst) -> None:
    """It is red when the greeting is another one."""
    run = run_against(front_desk(message="Go away"))
    assert_noticed(
        run,
        "/hello answered {'message': 'Go away'}",
        "Compare the whole response.json() with the dict you expect.",
    )


def test_own_app_is_green(run_against: RunAgainst) -> None:
    """It is green on your own app."""
    run = run_against()
    problems = run.problems
    assert not problems, (
        f"Your own front desk made your test end with {run.story}. "
        "The test is right, so look at the cell of /hello: is it still green?"
    )
