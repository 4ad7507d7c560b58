"""Checks of dependencies.override.

The learner's file is run by pytest: on the Waybill that is there, and on one into which
a mistake was built, in the way the lesson teaches: by overriding a dependency.
"""

import importlib
import os
import sys
import types
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from sqlalchemy import Connection, Engine, event

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from waybill.tables import Parcel

RunPytest = Callable[..., SimpleNamespace]
Run = Callable[..., SimpleNamespace]
Overrides = dict[Callable[..., Any], Callable[..., Any]]
Used = dict[object, set[str]]


def plugin(*, backwards: bool) -> types.ModuleType:
    """Return a plugin of pytest: it spares long tracebacks, and may turn the order."""

    def pytest_configure(config: pytest.Config) -> None:
        config.option.tbstyle = "native"

    def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
        if backwards:
            items.reverse()

    module = types.ModuleType("plugin")
    module.__file__ = module.__name__
    for hook in (pytest_configure, pytest_collection_modifyitems):
        setattr(module, hook.__name__, hook)
    return module


@pytest.fixture
def run(run_pytest: RunPytest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that runs the learner's tests, on a mistaken Waybill if asked.

    Mistakes are overrides, as the learner's own are; theirs have the last word.
    """
    # Whatever Waybill opens without being told a place, it opens here.
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.delenv("WAYBILL_ENVIRONMENT", raising=False)
    monkeypatch.delenv("WAYBILL_DATABASE_URL", raising=False)
    # At its end this plugin of pytest collects garbage for as long as all else takes.
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:unraisableexception")
    answer = FastAPI.__call__

    def run(
        mistakes: Overrides | None = None, *, backwards: bool = False
    ) -> SimpleNamespace:
        sys.modules.pop("tests.test_parcels", None)  # what a run left there is gone
        test_parcels = importlib.import_module("tests.test_parcels")

        async def mistaken(app: FastAPI, *connection: Any) -> None:  # noqa: ANN401
            theirs = app.dependency_overrides.copy()
            app.dependency_overrides.update({**(mistakes or {}), **theirs})
            try:
                await answer(app, *connection)
            finally:
                app.dependency_overrides.clear()
                app.dependency_overrides.update(theirs)

        with monkeypatch.context() as patch:
            patch.setattr(FastAPI, "__call__", mistaken)
            return run_pytest(str(test_parcels.__file__), plugin(backwards=backwards))

    return run


def assert_noticed(run: SimpleNamespace, mistake: str, advice: str) -> None:
    """Assert that a test disagreed, rather than passed or crashed."""
    problems = run.problems
    assert problems, f"{mistake}, and your tests stayed green. {advice}"
    disagreed = (AssertionError, pytest.fail.Exception)
    assert any(isinstance(one, disagreed) for one in problems), (
        f"{mistake}, and your test crashed: {run.story}. A crash looks like a broken "
        "test. Say what you expect with assert, before you use what came back."
    )


def advice_on(problem: BaseException) -> str:
    """Say what may have made a test disagree with a Waybill that is right."""
    said = str(problem)
    if "async" in said and "natively" in said:
        return "Is every async test marked with @pytest.mark.anyio?"
    if "200 == 404" in said:
        return (
            "Whoever the override of current_account returns is asking, in every "
            "request: it reads no header. Let it return another Account, with an id "
            "of its own, before Bob asks."
        )
    if "422 == " in said:
        return (
            "Is the body whole? If so, look at what you override with. FastAPI calls "
            "it, and reads its parameters from the request, as a route's: let it be a "
            "function, with no parameter that a request can't fill."
        )
    if type(problem).__name__ in {"EmailTakenError", "IntegrityError"}:
        return (
            "That row was there already. Do your tests share a database? Give each "
            "one of its own, below pytest's tmp_path."
        )
    return "Does the fixture replace something whose work the test relies on?"


# - Your tests are green on your Waybill, in any order.
def test_right_waybill_is_green(run: Run) -> None:
    """Your tests are green on your Waybill."""
    outcome = run()
    assert not outcome.problems, (
        f"Waybill is right, and a test ended with {outcome.story}. "
        f"{advice_on(outcome.problems[0])}"
    )
    assert outcome.passed >= 2, (
        f"{outcome.passed} test passed; two are asked for: what was handed in can be "
        "read, and nobody else can read it. A test's name begins with test_."
    )


def test_any_order_is_green(run: Run) -> None:
    """Your tests are green in the opposite order, too."""
    outcome = run(backwards=True)
    assert not outcome.problems, (
        f"The last test ran first, and another one ended with {outcome.story}. What "
        "one test overrides must be gone for the next: a new app for each test has no "
        "overrides."
    )


# - Your tests leave `waybill.db` alone: each one has a database of its own.
def test_own_database(run: Run, tmp_path: Path) -> None:
    """Your tests leave the database alone that Waybill uses by default."""
    run()
    left = sorted(path.name for path in (tmp_path / "place").iterdir())
    assert not left, (
        f"After your tests there is a {left[0]} where Waybill was started: they wrote "
        "to the database that Settings() names by default. Give them a file below "
        "pytest's tmp_path."
    )


@pytest.fixture
def used() -> Iterator[Used]:
    """Which tests of the learner's began a transaction in which database."""
    tests: Used = {}

    def note(connection: Connection) -> None:
        test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
        engine = connection.engine
        file = engine.url.database if engine.url.database != ":memory:" else None
        tests.setdefault(file or engine, set()).add(test.rpartition("::")[2])

    event.listen(Engine, "begin", note)
    yield tests
    event.remove(Engine, "begin", note)


def test_no_database_is_shared(run: Run, used: Used) -> None:
    """Each of your tests has a database of its own."""
    run()
    shared = [sorted(tests) for tests in used.values() if len(tests) > 1]
    assert not shared, (
        f"{' and '.join(shared[0])} worked in the same database: what one leaves "
        "there, the other one finds. tmp_path is another folder for each test."
    )


# - An override of `current_account` says who is asking, in each test.
def test_header_is_not_needed(run: Run) -> None:
    """An override says who is asking, in each test; the header is not needed."""
    from waybill.dependencies import current_account

    def ask_for_proof() -> None:
        raise HTTPException(401, "A header proves nothing.")

    outcome = run({current_account: ask_for_proof})
    assert not outcome.problems, (
        f"Waybill believed no header, and a test ended with {outcome.story}. From "
        "lesson 13 on that is so. Let dependency_overrides[current_account] say who is "
        "asking, before anybody asks."
    )


# - They are red when `get_session` commits nothing.
def test_missing_commit_is_red(run: Run) -> None:
    """They are red when `get_session` commits nothing."""
    from waybill.database import AppSessions, get_session

    async def forgetful(sessions: AppSessions) -> "AsyncIterator[AsyncSession]":
        async with sessions() as session:
            yield session

    outcome = run({get_session: forgetful})
    assert_noticed(
        outcome,
        "Waybill's get_session no longer committed",
        "Do your tests replace get_session, or never read what was handed in? Replace "
        "what it asks for, and leave it to do its work.",
    )


# - They are red when Bob gets the parcel, or a 403 instead of a 404.
def test_reading_for_anybody_is_red(run: Run) -> None:
    """They are red when `own_parcel` gives anybody the parcel."""
    from waybill.database import Session
    from waybill.parcels import own_parcel
    from waybill.tables import Parcel

    async def anybodys_parcel(parcel_id: int, session: Session) -> "Parcel":
        parcel = await session.get(Parcel, parcel_id)
        if parcel is None:
            raise HTTPException(404)
        return parcel

    outcome = run({own_parcel: anybodys_parcel})
    assert_noticed(
        outcome,
        "Bob could read Lena's parcel",
        "Hand one in as Lena, ask for that one as Bob, and say which status you "
        "expect.",
    )


def test_telling_that_it_exists_is_red(run: Run) -> None:
    """They are red when somebody else's parcel is answered 403."""
    from waybill.database import Session
    from waybill.dependencies import CurrentAccount
    from waybill.parcels import own_parcel
    from waybill.tables import Parcel

    async def forbidden_parcel(
        parcel_id: int, session: Session, account: CurrentAccount
    ) -> "Parcel":
        parcel = await session.get(Parcel, parcel_id)
        if parcel is None:
            raise HTTPException(404)
        if parcel.owner_id != account.id:
            raise HTTPException(403)
        return parcel

    outcome = run({own_parcel: forbidden_parcel})
    assert_noticed(
        outcome,
        "Bob was answered 403, and so knows that the parcel exists",
        "Compare the status with the one number that the task names.",
    )


# - They are red when what Lena reads differs from the answer to her `POST`, in any
# field.
@pytest.mark.parametrize(
    "field", ["weight_g", "tracking_code", "value", "to", "owner_id"]
)
def test_another_parcel_is_red(run: Run, field: str) -> None:
    """They are red when another parcel comes back than was handed in."""
    from waybill.database import Session
    from waybill.dependencies import CurrentAccount
    from waybill.parcels import own_parcel
    from waybill.schemas import ParcelRead
    from waybill.tables import Parcel

    async def another_parcel(
        parcel_id: int, session: Session, account: CurrentAccount
    ) -> Any:  # noqa: ANN401
        parcel = await session.get(Parcel, parcel_id)
        if parcel is None or parcel.owner_id != account.id:
            raise HTTPException(404)
        if field == "owner_id":  # which nobody reads otherwise
            body = ParcelRead.model_validate(parcel).model_dump(mode="json")
            return JSONResponse(body | {field: parcel.owner_id})
        session.expunge(parcel)
        old = getattr(parcel, field)
        other = {str: lambda: old[::-1], dict: lambda: old | {"city": "Bonn"}}
        setattr(parcel, field, other.get(type(old), lambda: old + 1)())
        return parcel

    what = f"another `{field}`" if field != "owner_id" else "a field more, `owner_id`"
    outcome = run({own_parcel: another_parcel})
    assert_noticed(
        outcome,
        f"Lena handed a parcel in, and read one with {what}",
        "Compare the whole body that is read with the one that answered the POST.",
    )
