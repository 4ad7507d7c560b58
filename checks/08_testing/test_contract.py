"""Checks of testing.contract: the learner's test, on Waybill and on one with a bug."""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException
from hypothesis import Phase, settings

Run = Callable[..., SimpleNamespace]
FILE = "test_contract"
ALONE = True
FIXED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=20,
    # To know that something is wrong, nobody needs the simplest input.
    phases=[Phase.explicit, Phase.generate],
    report_multiple_bugs=False,
)
MISSING = (
    "This kata needs Schemathesis, which is not installed with the course. `uv pip "
    "install schemathesis` brings it; then run it again, or go on."
)


@pytest.fixture(autouse=True)
def same_inputs() -> Iterator[None]:
    """Let Hypothesis try the same inputs at each run; skip without Schemathesis."""
    if find_spec("schemathesis") is None:
        pytest.skip(MISSING)
    before = settings.get_current_profile_name()
    settings.register_profile("checks", FIXED)
    settings.load_profile("checks")
    yield
    settings.load_profile(before)


@pytest.fixture
def run_with(run: Run) -> Run:
    """Return a function that runs the test where some answers are others."""

    def run_with(path: str, endpoint: Callable[..., Any]) -> SimpleNamespace:
        wrong = FastAPI()
        wrong.add_api_route(path, endpoint, response_model=None)
        return run(routes=wrong)

    return run_with


def assert_noticed(outcome: SimpleNamespace, bug: str, advice: str) -> None:
    """Assert that the test turned red."""
    assert outcome.problems, f"{bug}, and your test stayed green. {advice}"


# - Your test is green on your Waybill.
def test_right_waybill_is_green(run: Run) -> None:
    """Your test is green on your Waybill."""
    outcome = run()
    assert not outcome.problems, (
        f"Waybill is right, and your test ended with {outcome.story}. Ask for the two "
        "operations of the task."
    )
    assert outcome.passed, "pytest found no test that passes."


# - It is red when `GET /v1/rates` leaves a field out of its answer, or crashes.
def test_a_missing_field_is_red(run_with: Run) -> None:
    """It is red when `GET /v1/rates` leaves a field out of its answer."""

    async def list_rates() -> list[dict[str, str]]:
        return [{"country": "NL", "base": "5.90"}]

    assert_noticed(
        run_with("/v1/rates", list_rates),
        "GET /v1/rates answered without `per_kg`, which its schema requires",
        "With `checks=`, nothing is compared but what that names.",
    )


def test_a_crash_is_red(run_with: Run) -> None:
    """It is red when `GET /v1/rates` crashes."""

    async def list_rates() -> None:
        raise HTTPException(500)

    assert_noticed(
        run_with("/v1/rates", list_rates),
        "GET /v1/rates answered 500",
        "No schema promises that: let the answer be compared with it.",
    )


# - It is red when `GET /v1/rates/{country}` answers with a status that the docs don't
# name.
def test_an_unknown_status_is_red(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is red when `GET /v1/rates/{country}` answers with an unknown status."""
    from waybill import rates

    def gone(country: str) -> None:
        raise HTTPException(410, f"{country} is gone.")

    monkeypatch.setattr(rates, "find_rate", gone)
    assert_noticed(
        run(),
        "GET /v1/rates/{country} answered 410, which stands nowhere in the docs",
        "Is this operation in the list, with its path as the docs spell it?",
    )
