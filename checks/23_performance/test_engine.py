"""Checks of performance.engine: so many connections, and an end to each wait."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import URL, Pool, text
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import AsyncAdaptedQueuePool

Make = Callable[[str], AsyncEngine]
pytestmark = pytest.mark.usefixtures("clean_environment")

ASYNCPG = {
    "timeout": 5,
    "command_timeout": 15,
    "server_settings": {"statement_timeout": "10000", "lock_timeout": "5000"},
}
PSYCOPG = {
    "connect_timeout": 5,
    "options": "-c statement_timeout=10000 -c lock_timeout=5000",
}
SERVERS = {
    "postgresql+asyncpg://waybill@database/waybill": ASYNCPG,
    "postgresql+asyncpg://waybill@database": ASYNCPG,
    "postgresql+asyncpg://waybill@database/": ASYNCPG,
    "postgresql+psycopg://waybill@database/waybill": PSYCOPG,
    "postgresql+psycopg://waybill@database": PSYCOPG,
    "postgresql://waybill@database/parcels": PSYCOPG,
}
"""What each driver has to be told; SQLAlchemy's own choice is psycopg."""


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """PostgreSQL; something else stands in for both drivers, and notes what it gets."""
    noted = SimpleNamespace(options={}, opened=0, asked=0, alive=True)

    class Pretended(SQLiteDialect_aiosqlite):
        name = "postgresql"

        @classmethod
        def get_pool_class(cls, _url: URL) -> type[Pool]:
            return AsyncAdaptedQueuePool

        @classmethod
        def get_async_dialect_cls(cls, _url: URL) -> type["Pretended"]:
            return cls

        def create_connect_args(self, _url: URL) -> tuple[list[str], dict[str, Any]]:
            return [":memory:"], {}

        def connect(self, *arguments: str, **options: object) -> DBAPIConnection:
            noted.options = options
            noted.opened += 1
            return super().connect(*arguments)

        def do_ping(self, _connection: DBAPIConnection) -> bool:
            noted.asked += 1
            was, noted.alive = noted.alive, True
            return bool(was)

    for driver in ("asyncpg", "psycopg"):
        named = {"driver": driver, "supports_statement_cache": True}
        there = type(driver.title(), (Pretended,), named)
        monkeypatch.setitem(
            registry.impls, f"postgresql.{driver}", lambda there=there: there
        )
    psycopg = registry.impls["postgresql.psycopg"]
    monkeypatch.setitem(registry.impls, "postgresql", psycopg)
    return noted


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    """Return a function that makes engines with `make_engine`, disposed of later."""
    from waybill.database import make_engine

    async with AsyncExitStack() as stack:

        def made(url: str) -> AsyncEngine:
            try:
                engine = make_engine(url)
            except TypeError as error:
                raise AssertionError(
                    f"make_engine({url!r}) raised a TypeError: {error}. A database in "
                    "memory takes neither a size nor a time-out for its pool; each "
                    "other one does."
                ) from None
            assert isinstance(engine, AsyncEngine), (
                f"make_engine returned {engine!r}. Return what create_async_engine "
                "made."
            )
            stack.push_async_callback(engine.dispose)
            return engine

        yield made


def measured(monkeypatch: pytest.MonkeyPatch, rate: str, held: str) -> None:
    """Set how much a worker has to carry; nobody waits for long."""
    for name, value in {"RATE": rate, "HELD": held, "WAIT": "0.05"}.items():
        monkeypatch.setenv(f"WAYBILL_POOL_{name}", value)


def urls(tmp_path: Path) -> list[str]:
    """Return the URL of a file, and those of servers."""
    return [f"sqlite+aiosqlite:///{tmp_path / 'waybill.db'}", *SERVERS]


# - The pool lends out `pool_size` connections and not one more; who waits longer than
# `pool_wait` seconds for one gets a `TimeoutError`.
@pytest.mark.parametrize(("rate", "held", "size"), [("30", "0.1", 3), ("1", "0.2", 1)])
@pytest.mark.parametrize("number", range(len(SERVERS) + 1))
async def test_there_are_so_many(
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    number: int,
    rate: str,
    held: str,
    size: int,
) -> None:
    """The pool lends out `pool_size` connections and not one more, whatever the URL."""
    measured(monkeypatch, rate, held)
    url = urls(tmp_path)[number].replace(str(tmp_path), "…")
    engine = make(urls(tmp_path)[number])
    told = f"WAYBILL_POOL_RATE={rate}, _HELD={held} and _WAIT=0.05 with {url}: "
    pool: Any = engine.pool
    waits = getattr(pool, "_timeout", None)
    assert waits == 0.05, (
        f"{told}somebody waits {waits!r} seconds for a connection; `pool_timeout` is "
        "how long, as a float, and 30.0 if it isn't set."
    )
    async with AsyncExitStack() as stack:
        for taken in range(size):
            try:
                one = await stack.enter_async_context(engine.connect())
                await one.execute(text("SELECT 1"))
            except PoolTimeoutError:
                raise AssertionError(
                    f"{told}{taken} connections were lent out, and no other one; "
                    f"{size} were expected."
                ) from None
        try:
            await stack.enter_async_context(engine.connect())
        except PoolTimeoutError:
            return
    raise AssertionError(
        f"{told}{size + 1} connections were lent out at a time, and {size} are the "
        "most. Unless you say `max_overflow`, there are ten more than the size."
    )


# - Each PostgreSQL driver gets its own `LIMITS`, whether the URL names a driver, and a
# database, or doesn't.
@pytest.mark.parametrize("url", SERVERS)
async def test_each_driver_gets_its_limits(
    make: Make, server: SimpleNamespace, url: str
) -> None:
    """Each PostgreSQL driver is told when to give up, whatever the URL names."""
    async with make(url).connect():
        pass
    wanted = SERVERS[url]
    assert server.options == wanted, (
        f"With {url}, the driver was given {server.options}; expected: {wanted}. "
        "Without its limits it waits for as long as PostgreSQL says nothing. Ask "
        "`make_url(url)` for the name of the driver."
    )


# - A connection that PostgreSQL has closed is replaced before it is lent.
@pytest.mark.parametrize("url", SERVERS)
async def test_a_lost_connection_is_replaced(
    make: Make, server: SimpleNamespace, url: str
) -> None:
    """A connection that PostgreSQL has closed is replaced before it is lent."""
    engine = make(url)
    async with engine.connect():
        pass
    server.alive = False
    async with engine.connect():
        pass
    assert server.opened == 2, (
        f"With {url}, PostgreSQL was started anew, so the connection in the pool was "
        f"dead, and it was lent out. It was asked for a sign of life {server.asked} "
        "times; `pool_pre_ping` asks each time."
    )
    async with engine.connect():
        pass
    assert server.opened == 2, (
        f"With {url}, a connection that was alive has been replaced, too."
    )


# - A database in memory keeps SQLAlchemy's pool: what one connection writes, the next
# one finds.
@pytest.mark.parametrize(
    "url",
    ["sqlite+aiosqlite://", "sqlite+aiosqlite:///", "sqlite+aiosqlite:///:memory:"],
)
async def test_a_database_in_memory(make: Make, url: str) -> None:
    """What one connection to a database in memory writes, the next one finds."""
    engine = make(url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE notes (id INTEGER)"))
    try:
        async with engine.connect() as again:
            await again.execute(text("SELECT * FROM notes"))
    except OperationalError as error:
        raise AssertionError(
            f"With {url}, a table was made, and the next connection said: "
            f"{error.orig}. Leave the pool of a database in memory to SQLAlchemy."
        ) from None


# - What lesson 06 asked for stays: SQLite's settings, no `PRAGMA` for others, and no
# values in errors.
@pytest.mark.parametrize("where", ["a file", "memory"])
async def test_sqlite_keeps_its_settings(
    make: Make, tmp_path: Path, where: str
) -> None:
    """SQLite enforces foreign keys, is in WAL mode, and waits 5 seconds for a lock."""
    urls_of = {"a file": urls(tmp_path)[0], "memory": "sqlite+aiosqlite://"}
    wanted = {"foreign_keys": 1, "busy_timeout": 5000}
    if where == "a file":
        wanted["journal_mode"] = "wal"  # type: ignore[assignment]
    engine = make(urls_of[where])
    async with engine.connect() as one:
        found = {name: await one.scalar(text(f"PRAGMA {name}")) for name in wanted}
    assert found == wanted, (
        f"A connection to {where} has {found}; expected: {wanted}. Let SQLAlchemy call "
        "`set_up_sqlite` with each new connection."
    )


async def test_others_are_sent_no_pragma(make: Make, server: SimpleNamespace) -> None:
    """PostgreSQL is sent no `PRAGMA`."""
    async with make("postgresql+asyncpg://waybill@database/waybill").connect() as one:
        found = await one.scalar(text("PRAGMA foreign_keys"))
    assert server.opened == 1
    assert not found, "PostgreSQL was sent a PRAGMA, which is a syntax error there."


@pytest.mark.parametrize("number", [0, 1, 4])
async def test_errors_show_no_values(make: Make, tmp_path: Path, number: int) -> None:
    """An error doesn't show the values that a statement was sent with."""
    engine = make([*urls(tmp_path)[:2], *["sqlite+aiosqlite://"] * 3][number])
    async with engine.connect() as connection:
        with pytest.raises((OperationalError, IntegrityError)) as caught:
            await connection.execute(
                text("INSERT INTO gone VALUES (:it)"), {"it": "hunter2"}
            )
    assert "hunter2" not in str(caught.value), (
        "A statement failed, and the error that goes into the log repeats the value it "
        "was sent with. Keep `hide_parameters=True`."
    )


async def test_nothing_is_opened_yet(make: Make, tmp_path: Path) -> None:
    """Making an engine opens nothing."""
    make(urls(tmp_path)[0])
    assert not (tmp_path / "waybill.db").exists(), (
        "make_engine has opened the database already; the first use does."
    )
