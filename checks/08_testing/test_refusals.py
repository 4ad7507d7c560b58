"""Checks of testing.refusals: which lines the learner's tests run, and which bugs."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import coverage
from fastapi import FastAPI, HTTPException

Run = Callable[..., SimpleNamespace]
Assert = Callable[..., None]
FILE = "test_refusals"


def answering(status: Callable[[list[str]], int]) -> FastAPI:
    """Return an app whose quotes are right, but for the status without any of them."""
    from waybill import carriers
    from waybill.carriers import AppCarriers, Question, ask_all
    from waybill.quotes import DEADLINE, AppAsk
    from waybill.schemas import Country, Grams

    app = FastAPI()

    @app.get("/v1/quotes")
    async def read_quotes(
        country: Country, weight_g: Grams, ask: AppAsk, settings: AppCarriers
    ) -> carriers.Quotes:
        question = Question(country=country, weight_g=weight_g)
        answers = await ask_all(ask, settings.by_name(), question, DEADLINE)
        code = status([*answers.missing.values()])
        if answers.quotes or code == 200:
            return answers
        raise HTTPException(code, "No carrier has a quote now.")

    return app


def body_lines(function: Callable[..., Any]) -> set[int]:
    """Return the numbers of the lines in which the statements of a function begin."""
    lines, first = inspect.getsourcelines(inspect.unwrap(function))
    tree = ast.parse(textwrap.dedent("".join(lines)))
    (definition,) = tree.body
    assert isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef)
    return {
        first - 1 + node.lineno
        for statement in definition.body
        for node in ast.walk(statement)
        if isinstance(node, ast.stmt)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    }


# - Your tests are green on your Waybill, in any order, and never sleep.
def test_right_waybill_is_green(
    run: Run, assert_green: Assert, assert_awake: Assert
) -> None:
    """Your tests are green on your Waybill, and never sleep."""
    outcome = run()
    assert_green(outcome, "", "Which status belongs to which situation?")
    assert_awake(outcome)


def test_any_order_is_green(run: Run, assert_green: Assert) -> None:
    """Your tests are green in the opposite order, too."""
    advice = "What one test leaves behind must not matter to another one."
    assert_green(run(backwards=True), ", with the last test first,", advice)


# - They run every line of `read_quotes`.
def test_every_line_runs(run: Run) -> None:
    """They run every line of `read_quotes`."""
    from waybill import quotes

    file = str(quotes.__file__)
    measured = coverage.Coverage(
        include=[file],
        data_file=None,
        config_file=False,
        concurrency=["thread", "greenlet"],
    )
    measured.start()
    try:
        run()
    finally:
        measured.stop()
    missing = measured.analysis2(quotes)[3]
    never = sorted(body_lines(quotes.read_quotes) & {*missing})
    lines = inspect.getsource(quotes).splitlines()
    shown = lines[never[0] - 1].strip() if never else ""
    assert not never, (
        f"Your tests never ran `{shown}`, line {never[0]} of waybill/quotes.py. When "
        "does Waybill come there? Let the carriers reply so."
    )


# - They are red when all carriers fail, and the answer is a 200 without quotes, or a
# 504.
def test_an_empty_answer_is_red(run: Run, assert_red: Assert) -> None:
    """They are red when the answer is a 200 without quotes."""
    assert_red(
        run(routes=answering(lambda _: 200)),
        "No carrier had a quote, and Waybill answered 200 with an empty list",
        "Let both carriers fail, and compare the status.",
    )


def test_always_504_is_red(run: Run, assert_red: Assert) -> None:
    """They are red when all carriers fail, and the answer is a 504."""
    assert_red(
        run(routes=answering(lambda reasons: 504 if len({*reasons}) == 1 else 502)),
        "Both carriers had failed, none was late, and Waybill answered 504",
        "Let both carriers fail, and compare the status with 502.",
    )


# - They are red when all carriers are late, and the answer is a 502.
def test_always_502_is_red(run: Run, assert_red: Assert) -> None:
    """They are red when all carriers are late, and the answer is a 502."""
    assert_red(
        run(routes=answering(lambda _: 502)),
        "All carriers were late, and Waybill answered 502",
        "Let both carriers raise httpx.ReadTimeout, and compare the status with 504.",
    )


# - They are red when one late carrier among failed ones is enough for a 504.
def test_any_for_all_is_red(run: Run, assert_red: Assert) -> None:
    """They are red when one late carrier among failed ones is enough for a 504."""
    assert_red(
        run(routes=answering(lambda reasons: 504 if "late" in reasons else 502)),
        "One carrier had failed, one was late, and Waybill answered 504",
        "All lines run without this situation, so no report asks for it: let one "
        "carrier fail and the other one be late.",
    )
