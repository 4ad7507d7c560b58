"""Checks of the kata first_endpoint.first_test.

The learner's file is run by pytest while another app stands in for theirs.
"""

import json
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from fastapi import FastAPI, Response

RunPytest = Callable[..., SimpleNamespace]
RunAgainst = Callable[..., SimpleNamespace]

GREETING = {"message": "Hello from Waybill"}
WRONG_STATUSES = [201, 202, 404]
CRASHED = "Internal Server Error"
"""The body that a server sends for an app that raised: no JSON."""
WRONG_BODIES = [
    {"message": "Go away"},
    {"message": "hello from waybill"},
    {"message": "Hello from Waybill!"},
    {"greeting": "Hello from Waybill"},
    {"message": "Hello from Waybill", "debug": "on"},
    ["Hello from Waybill"],
    None,
]


def front_desk(
    body: dict[str, str] | list[str] | str | None = GREETING,
    status_code: int = 200,
    indent: int | None = None,
) -> FastAPI:
    """Return an app that greets: rightly, unless it is told otherwise."""
    app = FastAPI()

    @app.get("/hello")
    async def hello() -> Response:
        if isinstance(body, str):
            return Response(body, status_code, media_type="text/plain")
        text = json.dumps(body, indent=indent)
        return Response(text, status_code, media_type="application/json")

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
    assert problems, f"This slipped through: {mistake}, and your test passed. {advice}"
    disagreed = (AssertionError, pytest.fail.Exception)
    disagreements = [one for one in problems if isinstance(one, disagreed)]
    assert disagreements, (
        f"The app was wrong ({mistake}) and your test crashed: {run.story}. "
        f"A crash looks like a broken test. {advice}"
    )


# - Your test passes on an app that greets rightly, your own included.


@pytest.mark.parametrize("indent", [None, 2], ids=["one line", "several lines"])
def test_right_app_is_green(run_against: RunAgainst, indent: int | None) -> None:
    """Your test passes on an app that greets rightly, however it lays out its JSON."""
    run = run_against(front_desk(indent=indent))
    problems = run.problems
    sent = json.dumps(GREETING, indent=indent)
    advice = (
        "Keep @pytest.mark.anyio, async and await, and compare response.status_code "
        "and response.json() with what /hello promises."
        if run.fixtures
        else "That was before your test began: is the cell of `client` green?"
    )
    assert not problems, (
        f"The app answered 200 and {sent}, and your test ended with {run.story}. "
        f"{advice}"
    )
    passed = run.passed
    assert passed, (
        "pytest found no test that passes. A test's name begins with test_, "
        "and it is neither skipped nor expected to fail."
    )


def test_own_app_is_green(run_against: RunAgainst) -> None:
    """It passes on your own app."""
    run = run_against()
    problems = run.problems
    assert not problems, (
        f"Your own app made your test end with {run.story}. "
        "The test passes on an app that greets rightly, so look at the cell of "
        "`hello`: is it still green?"
    )


# - An `assert` fails when `/hello` answers with any other status than 200.


@pytest.mark.parametrize("status_code", WRONG_STATUSES)
def test_wrong_status_is_red(run_against: RunAgainst, status_code: int) -> None:
    """It fails when `/hello` answers with another status than 200."""
    run = run_against(front_desk(status_code=status_code))
    assert_noticed(
        run,
        f"/hello answered {status_code} instead of 200",
        "Compare response.status_code with the number you expect, after `assert`.",
    )


# - An `assert` fails when the JSON of the body is not exactly the greeting.


@pytest.mark.parametrize("body", WRONG_BODIES, ids=json.dumps)
def test_wrong_greeting_is_red(
    run_against: RunAgainst, body: dict[str, str] | list[str] | None
) -> None:
    """It fails when the body is not exactly the greeting."""
    run = run_against(front_desk(body))
    assert_noticed(
        run,
        f"/hello answered {json.dumps(body)}",
        "Compare the whole response.json() with the dict you expect.",
    )


def test_a_changed_route_is_red(
    run_pytest: RunPytest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It fails when somebody changes the greeting in your own code."""
    import waybill
    from tests import test_hello
    from waybill import hello

    source = Path(hello.__file__).read_text(encoding="utf-8")
    copy = tmp_path / "hello.py"
    copy.write_text(source.replace("Hello", "Hullo"), encoding="utf-8")
    changed = ModuleType("waybill.hello")
    vars(changed).update(runpy.run_path(str(copy)))
    monkeypatch.setitem(sys.modules, "waybill.hello", changed)
    monkeypatch.setattr(waybill, "hello", changed)
    monkeypatch.delitem(sys.modules, test_hello.__name__)
    assert_noticed(
        run_pytest(test_hello.__file__),
        "the check wrote Hullo for Hello in waybill/hello.py",
        "Write the greeting that you expect into the test. What it gets from the code "
        "changes with the code.",
    )


# - An `assert` fails when `/hello` answers with any other status than 200.


def test_a_crashed_app_is_red(run_against: RunAgainst) -> None:
    """It fails when the app has crashed, and the body is no JSON."""
    run = run_against(front_desk(CRASHED, status_code=500))
    assert_noticed(
        run,
        f"/hello answered 500 and the text {CRASHED}",
        "Compare response.status_code first, and read the body afterwards.",
    )
