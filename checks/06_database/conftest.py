"""Fixtures that checks of this lesson share: rows, zones, and databases as they are."""

import re
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    contextmanager,
    suppress,
)
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import (
    AdaptedConnection,
    Column,
    Connection,
    Engine,
    event,
    exc,
    inspect,
)
from sqlalchemy.dialects import postgresql, registry
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.engine.interfaces import (
    DBAPIConnection,
    DBAPICursor,
    ExecutionContext,
)
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.orm import DeclarativeBase

Sessions = async_sessionmaker[AsyncSession]
Store = Callable[..., Awaitable[Any]]
Refuses = Callable[[DeclarativeBase], Awaitable[bool]]
Started = Callable[..., AbstractAsyncContextManager[FastAPI]]

ZONES = {"+05:45": "ODD-05:45", "-03:30": "ODD+03:30"}
"""Offsets from UTC that no half-right answer hits, as POSIX spells them."""


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """Let this computer's own time be far from UTC; return its offset.

    Windows has no way to change it for one process: there the test runs as it is.
    """
    if not hasattr(time, "tzset"):
        yield "its own"
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", ZONES[request.param])
        time.tzset()
        yield request.param
    time.tzset()


@pytest.fixture
def begins(engine: AsyncEngine) -> None:
    """Let SQLite begin a transaction at once, as PostgreSQL does.

    Python's driver waits for the first write. Until then a savepoint is all there is,
    and releasing it commits: what is never committed would seem to be stored.
    """

    @event.listens_for(engine.sync_engine, "connect")
    def stop_the_driver(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN")


@pytest.fixture
def store(sessions: Sessions) -> Store:
    """Return a function that stores rows, and returns the last one, read anew."""

    async def keep(*rows: DeclarativeBase) -> DeclarativeBase | None:
        for one in rows:
            try:
                async with sessions.begin() as session:
                    session.add(one)
            except exc.SQLAlchemyError as error:
                reason = getattr(error, "orig", None) or error
                said = f"{type(one).__name__}(…) could not be stored. It said: {reason}"
                raise AssertionError(said) from None
        async with sessions() as session:
            return await session.get(type(one), inspect(one).identity)

    return keep


@pytest.fixture
def refuses(sessions: Sessions) -> Refuses:
    """Return a function that tells whether the database refuses a row."""

    async def is_refused(one: DeclarativeBase) -> bool:
        try:
            async with sessions.begin() as session:
                session.add(one)
        except exc.IntegrityError:
            return True
        return False

    return is_refused


class PretendedPostgreSQL(SQLiteDialect_aiosqlite):
    """SQLite that goes by the name of PostgreSQL, on which two workers start at once.

    The first table that a worker creates without a lock has been created already, as
    far as PostgreSQL tells; later that worker would find it there.
    """

    name = "postgresql"
    driver = "pretended"
    supports_statement_cache = True
    is_locked = False

    def do_execute_no_params(
        self,
        cursor: DBAPICursor,
        statement: str,
        context: ExecutionContext | None = None,
    ) -> None:
        """Send a statement without parameters."""
        self.do_execute(cursor, statement, (), context)

    def do_execute(
        self,
        cursor: DBAPICursor,
        statement: str,
        parameters: object,
        context: ExecutionContext | None = None,
    ) -> None:
        """Send a statement, but for a lock, which SQLite doesn't know."""
        creates = statement.lstrip().upper().startswith("CREATE TABLE")
        if "LOCK" in statement.upper() and not creates:
            self.is_locked, statement, parameters = True, "SELECT 1", ()
        if creates and not self.is_locked:
            self.is_locked = True
            raise sqlite3.IntegrityError(
                "duplicate key value violates unique constraint "
                '"pg_type_typname_nsp_index"'
            )
        statement = statement.replace(" AUTOINCREMENT", "")  # which is SQLite's alone
        super().do_execute(cursor, statement, parameters, context)


class PretendedMySQL(PretendedPostgreSQL):
    """SQLite that goes by the name of MySQL."""

    name = "mysql"
    supports_statement_cache = True  # each class has to say so itself


@contextmanager
def registered(dialect: type[PretendedPostgreSQL]) -> Iterator[str]:
    """Let URLs lead to a dialect; give what they begin with."""
    name = f"{dialect.name}.pretended"
    registry.register(name, __name__, dialect.__name__)
    registry.impls[name] = lambda: dialect
    yield f"{dialect.name}+pretended"
    del registry.impls[name]


@pytest.fixture
def pretended() -> Iterator[str]:
    """The beginning of a URL that leads to a pretended PostgreSQL."""
    with registered(PretendedPostgreSQL) as beginning:
        yield beginning


@pytest.fixture(params=[PretendedPostgreSQL, PretendedMySQL])
def not_sqlite(request: pytest.FixtureRequest) -> Iterator[str]:
    """The beginning of a URL that leads to a database that isn't SQLite."""
    with registered(request.param) as beginning:
        yield beginning


@pytest.fixture
def elsewhere() -> Callable[[Column[Any], object], object]:
    """Return a function that tells what is raised on a value's way to PostgreSQL."""
    dialect = postgresql.dialect()

    def refused(column: Column[Any], value: object) -> object:
        send: Any = column.type.dialect_impl(dialect).bind_processor(dialect)
        try:
            send(value) if send else None
        except Exception as error:  # noqa: BLE001 - what it is, is for a check to say
            return error
        return None

    return refused


NO_RESOURCE = re.compile(r"context manager|open_database\(\) (takes|missing)")
"""What Python says of an entry of `resources` that is none."""


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Started:
    """Return a function that starts a Waybill on a file of that name, or in memory."""
    from waybill.app import create_app
    from waybill.settings import Settings

    # A database that is opened by mistake lands here, and so does no `.env` count.
    monkeypatch.chdir(tmp_path)

    @asynccontextmanager
    async def start(
        name: str = "", driver: str = "sqlite+aiosqlite"
    ) -> AsyncIterator[FastAPI]:
        url = f"{driver}:///{tmp_path / name}" if name else f"{driver}://"
        app = create_app(Settings(database_url=url, environment="development"))
        try:
            async with app.router.lifespan_context(app):
                yield app
        except TypeError as error:
            if not NO_RESOURCE.search(str(error)):
                raise
            raise AssertionError(
                f"The app could not start: {error}. What stands in `resources` is "
                f"called with the app, and gives an async context manager. Is "
                f"@asynccontextmanager there?"
            ) from None
        except RuntimeError as error:
            if "generator didn't" not in str(error):
                raise
            raise AssertionError(
                f"Python said of open_database: {error}. Whatever happens, it yields "
                f"once: after the start went well, and never after an exception."
            ) from None

    return start


@pytest.fixture
async def lent() -> AsyncIterator[SimpleNamespace]:
    """What engines do with connections: how many are `out`, and `still_open()`."""
    opened: list[Any] = []

    async def still_open() -> int:
        answers = 0
        for connection in opened:
            with suppress(ValueError):  # what the driver says when it is closed
                await connection.execute("SELECT 1")
                answers += 1
        return answers

    lent = SimpleNamespace(out=0, still_open=still_open)

    def note_open(connection: AdaptedConnection, _record: object) -> None:
        opened.append(connection.driver_connection)

    def note_out(*_details: object) -> None:
        lent.out += 1

    def note_back(*_details: object) -> None:
        lent.out -= 1

    listeners = {"connect": note_open, "checkout": note_out, "checkin": note_back}
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    yield lent
    for name, listener in listeners.items():
        event.remove(Engine, name, listener)
    for connection in opened:
        await connection.close()  # or its thread would keep this process alive


@pytest.fixture
def before_a_table() -> Iterator[list[Callable[[], None]]]:
    """What happens right before an engine creates its first table; append to it."""
    happens: list[Callable[[], None]] = []

    def strike(*details: object) -> None:
        if happens and str(details[2]).lstrip().upper().startswith("CREATE TABLE"):
            happens.pop()()

    event.listen(Engine, "before_cursor_execute", strike)
    yield happens
    event.remove(Engine, "before_cursor_execute", strike)
