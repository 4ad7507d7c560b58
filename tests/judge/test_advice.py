"""Advice on what the pinned libraries say: each mistake is made for real."""

import ast
import asyncio
import gc
import inspect
import re
import sys
import types
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from kata.judge.advice import ADVICE, advice_on
from kata.runner.child.describe import describe
from kata.runner.report import Failure

MISTAKES = Path(__file__).parent / "mistakes"
"""Pieces of code that raise: `### name [what it needs]: how the advice begins`."""
IMPORTS = """
from datetime import *
from decimal import Decimal
from typing import *

from fastapi import *
from pydantic import *
"""
NEEDS = {
    "": "",
    "pytest": "",
    "ask": """
import httpx

async def ask(method, url, **more):
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        return await client.request(method, url, **more)
""",
    "db": """
from sqlalchemy import *
from sqlalchemy.ext.asyncio import *
from sqlalchemy.orm import *

class Base(DeclarativeBase): pass

class Parcel(Base):
    __tablename__ = "parcels"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    scans: Mapped[list["Scan"]] = relationship()

class Scan(Base):
    __tablename__ = "scans"
    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"))

engine = create_async_engine("sqlite+aiosqlite://")
sessions = async_sessionmaker(engine)
async with engine.begin() as connection:
    await connection.run_sync(Base.metadata.create_all)
""",
}


@dataclass(frozen=True)
class Mistake:
    """A piece of code that raises, and how the advice on it begins."""

    name: str
    needs: str
    advice: str
    code: str


def mistakes() -> Iterator[Mistake]:
    for path in sorted(MISTAKES.iterdir()):
        blocks = re.split(r"^### ", path.read_text(encoding="utf-8"), flags=re.M)
        for block in blocks[1:]:
            head, _, code = block.partition("\n")
            about, _, advice = head.partition(": ")
            name, _, needs = about.partition(" ")
            yield Mistake(f"{path.stem}.{name}", needs, advice, code)


ALL = list(mistakes())


def raised_by(code: str) -> BaseException:
    """Run code that may `await`, and return what it raises."""
    name = "a_mistake"
    module = types.ModuleType(name)
    sys.modules[name] = module  # Pydantic and SQLAlchemy look names up there

    async def run() -> None:
        program = compile(code, "mistake.py", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        try:
            waiting = eval(program, vars(module))  # noqa: S307 - it is ours
            if inspect.iscoroutine(waiting):
                await waiting
        finally:
            engine = vars(module).get("engine")
            if isinstance(engine, AsyncEngine):
                await engine.dispose()

    try:
        asyncio.run(run())
    except BaseException as error:  # noqa: BLE001 - whatever it is, is what we want
        return error
    finally:
        del sys.modules[name]
    raise AssertionError("This mistake raises nothing in the pinned versions.")


def raised_in_pytest(mistake: Mistake, folder: Path) -> BaseException:
    """Run a file of tests without a plugin, and return what its test raises."""
    found: list[BaseException] = []

    class Plugin:
        def pytest_exception_interact(self, call: pytest.CallInfo[None]) -> None:
            found.extend([call.excinfo.value] if call.excinfo else [])

    file = folder / f"test_{mistake.name.replace('.', '_')}.py"
    file.write_text(mistake.code, encoding="utf-8")
    ini = folder / "empty.ini"
    ini.write_text("[pytest]\n", encoding="utf-8")
    options = ["-c", str(ini), "-p", "no:terminal", "-p", "no:cacheprovider"]
    pytest.main([*options, "-p", "no:faulthandler", str(file)], plugins=[Plugin()])
    return found[0]


@contextmanager
def coroutines_dropped_here() -> Iterator[None]:
    """Let the calls that nobody awaited go in this frame, and without a word.

    A mistake's traceback holds them in a cycle. Whenever Python collects it, it
    imports `warnings` for them, with the names of the frame that happens to run:
    in one without builtins, as a named tuple's, that fails, in somebody's test.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.disable()
        try:
            yield
            gc.collect()
        finally:
            gc.enable()


def failure_of(mistake: Mistake, folder: Path) -> Failure:
    if mistake.needs == "pytest":
        error = raised_in_pytest(mistake, folder)
    else:
        error = raised_by(IMPORTS + NEEDS[mistake.needs] + mistake.code)
    told: dict[str, Any] = describe(error, folder)
    line = f"\n{error.text}" if isinstance(error, SyntaxError) else ""
    return Failure(told["type"], told["message"] + line)


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Failure]:
    folder = tmp_path_factory.mktemp("mistakes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        patch.delenv("PYTEST_ADDOPTS", raising=False)
        with coroutines_dropped_here():
            return {mistake.name: failure_of(mistake, folder) for mistake in ALL}


@pytest.mark.parametrize("mistake", ALL, ids=lambda mistake: mistake.name)
def test_what_the_pinned_library_says_is_known(
    mistake: Mistake, failures: dict[str, Failure]
) -> None:
    failure = failures[mistake.name]
    assert advice_on(failure).startswith(mistake.advice), failure


def test_every_entry_is_the_answer_to_a_mistake(failures: dict[str, Failure]) -> None:
    given = {advice_on(failure) for failure in failures.values()}
    assert [entry for entry in ADVICE if entry.advice not in given] == []


def test_advice_is_two_or_three_sentences_at_most() -> None:
    for entry in ADVICE:
        assert len(entry.advice) <= 240, entry.advice
        assert entry.advice.endswith((".", "?")), entry.advice


def test_nothing_is_advised_where_nobody_knows() -> None:
    assert advice_on(Failure("AssertionError", "The price is 3.")) == ""
    assert advice_on(Failure("ParcelLostError", "It fell off the van.")) == ""
