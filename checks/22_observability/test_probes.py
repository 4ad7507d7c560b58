"""Checks of observability.probes: whether the database answers, asked by one."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

if TYPE_CHECKING:
    from waybill.readiness import Readiness

Connect = Callable[..., httpx.AsyncClient]
Sessions = async_sessionmaker[AsyncSession]
Patiently = Callable[[], AbstractContextManager[Any]]
Unready = Callable[[Callable[[], Awaitable[object]]], Sessions]


class Clock:
    """A clock that a check moves."""

    def __init__(self) -> None:
        self.now = 5000.0

    def __call__(self) -> float:
        """Return the seconds that it shows."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that a check moves."""
    return Clock()


@pytest.fixture
def readiness(clock: Clock) -> "Readiness":
    """A readiness of a check's own."""
    from waybill.readiness import Readiness

    return Readiness(clock)


@pytest.fixture
async def unready() -> AsyncIterator[Unready]:
    """Return a function that makes sessions of a database that behaves as given."""
    engines: list[AsyncEngine] = []

    def unready(connect: Callable[[], Awaitable[object]]) -> Sessions:
        engine = create_async_engine("sqlite+aiosqlite://", async_creator=connect)
        engines.append(engine)
        return async_sessionmaker(engine)

    yield unready
    for engine in engines:
        await engine.dispose()


def failing(error: Exception) -> Callable[[], Awaitable[object]]:
    """Return how a database is connected to that refuses everybody."""

    async def connect() -> object:
        raise error

    return connect


async def never() -> object:
    """Connect to a database that doesn't answer."""
    return await asyncio.Event().wait()


# - `ask` returns True when the database answers `SELECT 1`, and False when it fails,
# whatever the error is.
async def test_a_database_that_answers(
    readiness: "Readiness", sessions: Sessions, queries: list[str]
) -> None:
    """A database that answers makes an app ready."""
    queries.clear()
    found = await readiness.ask(sessions)
    assert found is True, f"The database answers, and `ask` returned {found!r}."
    assert queries, "`ask` returned True, and the database was asked nothing."


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(sqlite3.OperationalError("disk I/O error"), id="the driver's"),
        pytest.param(ConnectionRefusedError("nobody listens"), id="the system's"),
        pytest.param(RuntimeError("the database is starting up"), id="another"),
    ],
)
async def test_a_database_that_fails(
    readiness: "Readiness", unready: Unready, error: Exception
) -> None:
    """Whatever the error is, an app whose database fails isn't ready."""
    try:
        found = await readiness.ask(unready(failing(error)))
    except Exception as problem:  # noqa: BLE001 - whatever comes out is told
        raise AssertionError(
            f"The database failed with {error!r}, and `ask` raised {problem!r} where "
            "it should return False."
        ) from None
    assert found is False, f"The database failed with {error!r}; `ask`: {found!r}."


# - A database that hasn't answered within `patience` seconds has failed, too.
async def test_a_database_that_is_silent(
    readiness: "Readiness", unready: Unready, patiently: Patiently
) -> None:
    """A database that says nothing is given up after `patience` seconds."""
    found: object = "nothing yet"
    with patiently():
        found = await readiness.ask(unready(never), patience=0.01)
    assert found is False, (
        "A database took a connection and said nothing. With a patience of a hundredth "
        f"of a second, `ask` should return False; it returned {found!r}. Use the "
        "parameter `patience`."
    )


async def test_a_full_pool(
    readiness: "Readiness", tmp_path: Path, patiently: Patiently
) -> None:
    """A connection that isn't lent in time counts as a failure as well."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'small.db'}"
    engine = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=60)
    found: object = "nothing yet"
    async with engine.connect():
        with patiently():
            found = await readiness.ask(async_sessionmaker(engine), patience=0.01)
    await engine.dispose()
    assert found is False, (
        "All connections were lent, and with a patience of a hundredth of a second "
        f"`ask` returned {found!r}. Waiting for a connection counts, too."
    )


# - However many ask at once, the database is asked once, and all get its answer.
@pytest.mark.parametrize("works", [True, False])
async def test_many_ask_at_once(
    readiness: "Readiness",
    sessions: Sessions,
    unready: Unready,
    queries: list[str],
    works: bool,
) -> None:
    """Forty ask at once, and the database is asked once."""
    tries: list[str] = []

    async def refuse() -> object:
        tries.append("SELECT 1")
        await asyncio.sleep(0)
        raise sqlite3.OperationalError("disk I/O error")

    queries.clear()
    makes = sessions if works else unready(refuse)
    found = await asyncio.gather(*(readiness.ask(makes) for _ in range(40)))
    asked = len(queries if works else tries)
    assert found == [works] * 40, (
        f"Forty asked at once, of a database that {'answers' if works else 'fails'}: "
        f"{found.count(True)} were told True and {found.count(False)} False."
    )
    assert asked == 1, (
        f"Forty asked at once, and the database was asked {asked} times; once was "
        "expected. Only one may be inside of `self._lock`, and the others look at its "
        "answer."
    )


# - An answer is given again for `GOOD_FOR` seconds, whether it was True or False; then
# the database is asked anew.
@pytest.mark.parametrize("first", [True, False])
async def test_an_answer_is_good_for_a_while(
    readiness: "Readiness",
    sessions: Sessions,
    unready: Unready,
    clock: Clock,
    first: bool,
) -> None:
    """An answer is given again for `GOOD_FOR` seconds, and not for longer."""
    from waybill.readiness import GOOD_FOR

    broken = unready(failing(sqlite3.OperationalError("disk I/O error")))
    before, after = (sessions, broken) if first else (broken, sessions)
    await readiness.ask(before)
    for passed, wanted in ((0, first), (0.9, first), (1, not first), (1.9, not first)):
        clock.now = 5000 + passed * GOOD_FOR
        found = await readiness.ask(after if passed < 1.5 else before)
        assert found is wanted, (
            f"At 0 seconds `ask` returned {first}, and from then on the database "
            f"{'failed' if first else 'answered'}, until at 1.5 seconds it changed "
            f"again. GOOD_FOR is {GOOD_FOR:g}. At {passed:g} seconds `ask` returned "
            f"{found}; {wanted} was expected."
        )


async def test_it_lasts_from_its_answer(
    readiness: "Readiness", unready: Unready, clock: Clock, sessions: Sessions
) -> None:
    """A slow answer is good for as long as a fast one."""

    async def slowly() -> object:
        clock.now += 2
        raise sqlite3.OperationalError("disk I/O error")

    await readiness.ask(unready(slowly))
    found = await readiness.ask(sessions)
    assert found is False, (
        "The database took 2 seconds to answer, and whoever asked in the same moment "
        "had it asked anew. An answer is good from when it is there."
    )


# - The connection is given back, however it ended.
async def test_connections_are_given_back(
    readiness: "Readiness", sessions: Sessions, engine: AsyncEngine, clock: Clock
) -> None:
    """No connection stays lent, when it went well and when it failed."""
    await readiness.ask(sessions)
    pool: Any = engine.pool
    assert pool.checkedout() == 0, (
        f"The database answered, and {pool.checkedout()} connection stays lent. Use "
        "the session with `async with`."
    )
    clock.now += 60

    class Failing(AsyncSession):
        async def execute(self, *_: Any, **__: Any) -> Any:  # noqa: ANN401
            await self.connection()
            raise sqlite3.OperationalError("disk I/O error")

        scalar = execute

    await readiness.ask(async_sessionmaker(engine, class_=Failing))
    assert pool.checkedout() == 0, (
        f"The database failed, and {pool.checkedout()} connection stays lent."
    )


# - `ask` returns True when the database answers `SELECT 1`, and False when it fails,
# whatever the error is.
async def test_the_route_says_so(
    connect: Connect, readiness: "Readiness", sessions: Sessions, unready: Unready
) -> None:
    """`GET /ready` answers 200 or 503, as `ask` says."""
    from waybill.readiness import router

    app = FastAPI()
    app.include_router(router)
    app.state.readiness = readiness
    app.state.sessions = sessions
    async with connect(app) as client:
        assert (await client.get("/ready")).status_code == 200, "Ready: 200 is wanted."
        assert (await client.head("/ready")).status_code == 200, "HEAD: 200 as well."
    app.state.readiness = type(readiness)()
    app.state.sessions = unready(failing(OSError("nobody listens")))
    async with connect(app) as client:
        status = (await client.get("/ready")).status_code
    assert status == 503, f"The database is gone, and GET /ready answered {status}."
