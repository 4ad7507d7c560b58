"""What the checks of this lesson share: senders with parcels, and runs of tests."""

import importlib
import os
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

    from waybill.tables import Account

RunPytest = Callable[..., SimpleNamespace]
Run = Callable[..., SimpleNamespace]
Replaced = dict[Callable[..., Any], Callable[..., Any]]
LENA, BOB = 51, 17
NAMES = {
    2: (BOB, "Union Street Depot"),
    3: (LENA, "Ada Selecta"),
    5: (LENA, "Union Street Café"),
    6: (BOB, "Grace O'Neil"),
    8: (LENA, "Grace O'Neil"),
    9: (LENA, "Drop_Shop; 100%--cotton"),
    11: (LENA, "x' OR 'a' LIKE 'a"),
    12: (LENA, "Ada and/or Sons"),
    20: (LENA, "Ada \\ Co"),
}
"""Whose parcel it is, and to whom it goes, by its id."""


@pytest.fixture
async def parcels(sessions: "async_sessionmaker[AsyncSession]") -> None:
    """Lena and Bob, and what they have sent."""
    from waybill.tables import Account, Parcel

    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    to = {"street": "Selby Road 5", "city": "Berlin"}
    to |= {"postcode": "10119", "country": "DE"}
    async with sessions.begin() as session:
        for number, name in ((LENA, "lena"), (BOB, "bob")):
            session.add(Account(id=number, email=f"{name}@example.com"))
        await session.flush()
        for number, (owner, name) in NAMES.items():
            row = Parcel(id=number, tracking_code=f"WB{number}", owner_id=owner)
            row.to, row.weight_g = to | {"name": name}, 750 - number
            row.created_at = at - timedelta(days=number)  # ids alone go upwards
            row.value = 50 - number  # type: ignore[assignment]
            session.add(row)


@pytest.fixture
def as_lena(parcels: None) -> "Callable[..., Any]":  # noqa: ARG001  # for its rows
    """What tells routes that Lena is asking."""
    from waybill.database import Session
    from waybill.tables import Account

    async def whoever_asks(session: Session) -> "Account":
        return await session.get_one(Account, LENA)

    return whoever_asks


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A current folder of its own, and no variable that Waybill might read."""
    for name in list(os.environ):
        if name.upper().startswith("WAYBILL_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def made() -> list[bytes]:
    """The learner's database without rows, once a run has made it."""
    return []


@pytest.fixture
def run(
    run_pytest: RunPytest,
    made: list[bytes],
    place: None,  # noqa: ARG001  # a clean one
) -> Run:
    """Return a function that runs the learner's tests of one category.

    With a planted bug, if asked: a function that changes a Waybill that has started,
    or functions that stand in the place of others.
    """

    def run(
        category: str,
        plant: Callable[[FastAPI], None] | None = None,
        replaced: Replaced | None = None,
    ) -> SimpleNamespace:
        lent, module = fresh("tests.conftest"), fresh("tests.test_security")
        if make := getattr(lent, "make_database", None):
            vars(lent)["make_database"] = partial(kept, make, made)
        with in_place(replaced or {}):
            return run_pytest(str(module.__file__), planting(category, plant), lent)

    return run


def kept(make: Callable[[Path], None], made: list[bytes], file: Path) -> None:
    """Make a database as the learner does, or copy the one that was made so."""
    if made:
        file.write_bytes(made[0])
        return
    make(file)
    if file.exists():
        made.append(file.read_bytes())


def fresh(name: str) -> ModuleType:
    """Import a file of the learner's tests anew: what a run left in it is gone."""
    sys.modules.pop(name, None)
    return importlib.import_module(name)


def planting(category: str, plant: Callable[[FastAPI], None] | None) -> ModuleType:
    """Return a plugin of pytest that leaves other tests out, and plants a bug."""

    def pytest_configure(config: pytest.Config) -> None:
        config.option.tbstyle = "native"

    def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
        items[:] = [one for one in items if one.name.startswith(f"test_{category}")]

    @pytest.fixture(autouse=True)
    def planted(request: pytest.FixtureRequest) -> None:
        if plant and "app" in request.fixturenames:
            plant(request.getfixturevalue("app"))

    module = types.ModuleType("planting")
    module.__file__ = module.__name__
    for part in (pytest_configure, pytest_collection_modifyitems):
        setattr(module, part.__name__, part)
    vars(module)["planted"] = planted
    return module


@contextmanager
def in_place(replaced: Replaced) -> Iterator[None]:
    """Put functions in the place of others, in the service and its tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name, module in [*sys.modules.items()]:
            if name.partition(".")[0] in {"waybill", "tests"}:
                for attribute, value in [*vars(module).items()]:
                    for right, wrong in replaced.items():
                        if value is right:
                            patch.setattr(module, attribute, wrong)
        yield


@pytest.fixture
def assert_green(run: Run) -> Callable[[str, str], None]:
    """Return a function that asserts that a category's tests agree with Waybill."""

    def assert_green(category: str, advice: str) -> None:
        outcome = run(category)
        problems = outcome.problems
        assert not problems, (
            f"Waybill is right, and your test_{category}… ended with {outcome.story}. "
            f"{advice}"
        )
        passed = outcome.passed
        assert passed, (
            f"pytest found no test that passes and whose name begins with "
            f"test_{category}. Keep the names of the starting code; a test that is "
            "skipped or expected to fail doesn't count."
        )

    return assert_green


@pytest.fixture
def assert_red(run: Run) -> Callable[..., None]:
    """Return a function that asserts that a category's tests see a planted bug."""

    def assert_red(
        category: str,
        bug: str,
        advice: str,
        plant: Callable[[FastAPI], None] | None = None,
        replaced: Replaced | None = None,
    ) -> None:
        problems = run(category, plant, replaced).problems
        assert problems, f"{bug}, and your test_{category}… stayed green. {advice}"

    return assert_red
