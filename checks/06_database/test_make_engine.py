"""Checks of database.make_engine: connections that are fit for a service."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, text
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

Make = Callable[[str], AsyncEngine]

IN_MEMORY = "sqlite+aiosqlite://"


@pytest.fixture
def file_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a SQLite file that is not there yet."""
    monkeypatch.chdir(tmp_path)
    return "sqlite+aiosqlite:///waybill.db"


@pytest.fixture(params=["a file", "memory"])
def url(request: pytest.FixtureRequest, file_url: str) -> str:
    """The URL of a SQLite database: in a file, then in memory."""
    return file_url if request.param == "a file" else IN_MEMORY


@pytest.fixture
def asyncpg_options(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What asyncpg is given when it connects; something else stands in for it."""
    given: dict[str, object] = {}

    class Pretended(SQLiteDialect_aiosqlite):
        supports_statement_cache = True

        def create_connect_args(self, _url: URL) -> tuple[list[str], dict[str, Any]]:
            return [":memory:"], {}

        def connect(self, *arguments: str, **options: int) -> DBAPIConnection:
            given.update(options)
            return super().connect(*arguments)

    monkeypatch.setitem(registry.impls, "postgresql.asyncpg", lambda: Pretended)
    return given


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    """Return a function that makes engines with `make_engine`, disposed of later."""
    from waybill.database import make_engine

    async with AsyncExitStack() as stack:

        def made(url: str) -> AsyncEngine:
            try:
                engine = make_engine(url)
            except NotImplementedError as error:
                raise AssertionError(
                    f"make_engine said: {error} Its `sync_engine` is what events are "
                    f"told to."
                ) from None
            assert isinstance(engine, AsyncEngine), (
                f"make_engine returned {engine!r}. Return what create_async_engine "
                f"made."
            )
            stack.push_async_callback(engine.dispose)
            return engine

        yield made


async def asked(connection: AsyncConnection, setting: str) -> int | str:
    """Return what a connection says about one of SQLite's settings."""
    answer: int | str = await connection.scalar(text(f"PRAGMA {setting}"))
    return answer


# - Making an engine opens nothing; the first use connects.
async def test_nothing_is_opened_yet(make: Make, file_url: str, tmp_path: Path) -> None:
    """Making an engine opens nothing; the first use connects."""
    engine = make(file_url)
    assert not (tmp_path / "waybill.db").exists(), (
        "make_engine has opened the database file already. Leave that to the first "
        "use: an engine can be made while its database is still starting."
    )
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1
    assert (tmp_path / "waybill.db").exists(), (
        "The engine was used, and its file is not there. Hand the url on to "
        "create_async_engine."
    )


# - Every connection to SQLite enforces foreign keys
async def test_a_parcel_of_nobody_is_refused(make: Make, url: str) -> None:
    """SQLite refuses a parcel whose owner doesn't exist, in a file and in memory."""
    from waybill.tables import Base, Parcel

    values = {"owner_id": 404, "tracking_code": "WB1", "to": {}, "weight_g": 1}
    add = Parcel.__table__.insert().values(value=Decimal(1), **values)
    engine = make(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with engine.connect() as again:
        query = text("SELECT 1 FROM sqlite_master WHERE name = 'parcels'")
        there = await again.scalar(query)
    assert there, (
        "Tables were created in memory through your engine, and the next connection "
        "found none: each one has a memory of its own. Leave the pool to SQLAlchemy, "
        "which keeps one connection for a database in memory."
    )
    try:
        async with engine.begin() as connection:
            await connection.execute(add)
    except IntegrityError:
        return
    raise AssertionError(
        f"With make_engine({url!r}), a parcel of the account 404 was stored, and there "
        f"is no such account. SQLite has read the foreign key and does not enforce it: "
        f"each connection has to be asked, when it is made. If you ask: is your "
        f"function called, and is the PRAGMA spelt `foreign_keys`? SQLite passes over "
        f"one that it doesn't know."
    )


async def test_every_connection_is_asked(make: Make, file_url: str) -> None:
    """Every connection enforces foreign keys, not only the first."""
    engine = make(file_url)
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(engine.connect()) for _ in range(3)]
        answers = [await asked(one, "foreign_keys") for one in opened]
    assert answers == [1, 1, 1], (
        f"Of three connections at once, {answers.count(1)} enforced foreign keys. "
        f"The pool opens more when it needs them: listen for each one."
    )
    async with engine.connect() as connection:
        assert await asked(connection, "foreign_keys"), (
            "A connection that came back from the pool no longer enforces foreign keys."
        )


async def test_it_holds_after_a_rollback(make: Make, url: str) -> None:
    """A connection keeps enforcing foreign keys after a rollback."""
    async with make(url).connect() as connection:
        await connection.execute(text("CREATE TABLE notes (id INTEGER)"))
        await connection.rollback()
        assert await asked(connection, "foreign_keys"), (
            "After a rollback the connection no longer enforces foreign keys. Ask when "
            "the connection is made, outside of any transaction."
        )


# - A file is in WAL mode
async def test_a_file_is_in_wal_mode(make: Make, file_url: str, tmp_path: Path) -> None:
    """A file is in WAL mode, and another program finds it so."""
    async with make(file_url).begin() as connection:
        await connection.execute(text("CREATE TABLE notes (id INTEGER)"))
    with closing(sqlite3.connect(tmp_path / "waybill.db")) as elsewhere:
        (mode,) = elsewhere.execute("PRAGMA journal_mode").fetchone()
    assert mode == "wal", (
        f"A table was created through the engine, and another program that opens the "
        f"file finds it in the mode {mode!r}; 'wal' was expected. In the mode 'delete' "
        f"a request that reads a list keeps another one from handing in a parcel."
    )


# - Two writers still take turns:
async def test_writers_wait_for_each_other(make: Make, file_url: str) -> None:
    """Each connection waits 10 to 60 seconds for another one that writes."""
    engine = make(file_url)
    async with engine.connect() as one, engine.connect() as two:
        waits = [int(await asked(each, "busy_timeout")) for each in (one, two)]
    assert all(10_000 <= wait <= 60_000 for wait in waits), (
        f"The busy_timeout of two connections is {waits[0]} and {waits[1]}; 10000 to "
        f"60000 milliseconds were expected. Python's driver sets 5000 by itself, and "
        f"on a busy machine that is too short for some: they end with `database is "
        f"locked`."
    )


async def test_each_writer_has_a_transaction(make: Make, file_url: str) -> None:
    """What one connection writes is unknown to another one until it commits."""
    engine = make(file_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE notes (id INTEGER)"))
    async with engine.connect() as writer, engine.connect() as reader:
        await writer.execute(text("INSERT INTO notes VALUES (1)"))
        seen = await reader.scalar(text("SELECT count(*) FROM notes"))
    assert not seen, (
        "One connection wrote a row and did not commit it, and another one has read "
        "it: both are the same connection to SQLite, so requests would commit and roll "
        "back what others write. Leave the pool to SQLAlchemy."
    )


# - Other engines stay as they are.
async def test_other_engines_stay_as_they_are(
    make: Make, file_url: str, tmp_path: Path
) -> None:
    """`make_engine` makes one engine, and changes no other."""
    async with make(file_url).connect() as connection:
        await asked(connection, "foreign_keys")
    other = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'other.db'}")
    try:
        async with other.connect() as connection:
            assert not await asked(connection, "foreign_keys"), (
                "An engine that make_engine did not make was changed too. A listener "
                "on the class Engine hears every engine: listen on the one you made."
            )
    finally:
        await other.dispose()


# - Another database is sent no `PRAGMA`:
async def test_other_databases_are_not_asked(
    make: Make, not_sqlite: str, tmp_path: Path
) -> None:
    """A database that is not SQLite is sent no `PRAGMA`."""
    engine = make(f"{not_sqlite}:///{tmp_path / 'not-sqlite.db'}")
    async with engine.connect() as connection:
        answers = {
            "foreign_keys": await asked(connection, "foreign_keys"),
            "journal_mode": await asked(connection, "journal_mode"),
            "busy_timeout": await asked(connection, "busy_timeout"),
        }
    usual = {"foreign_keys": 0, "journal_mode": "delete", "busy_timeout": 5000}
    changed = [name for name, value in answers.items() if value != usual[name]]
    assert not changed, (
        f"An engine with the URL {not_sqlite}:///…/not-sqlite.db was told SQLite's "
        f"{', '.join(changed)}, and a `PRAGMA` is a syntax error there. Ask the engine "
        f"for its dialect, and listen only if it is SQLite's."
    )


# - What the starting code does stays. PostgreSQL has 10 seconds to let Waybill in, and
async def test_no_wait_for_postgresql_is_endless(
    make: Make, asyncpg_options: dict[str, object]
) -> None:
    """PostgreSQL has 10 seconds to let Waybill in, and 15 for each answer."""
    async with make("postgresql+asyncpg://waybill@database/waybill").connect():
        pass
    names = ("timeout", "command_timeout")
    waits = {name: asyncpg_options.get(name) for name in names}
    assert waits == {"timeout": 10, "command_timeout": 15}, (
        f"asyncpg was given {waits}. Without a limit it waits for as long as "
        f"PostgreSQL says nothing, and the request keeps its connection. Leave "
        f"`connect_args` as they were in the starting code."
    )


# - No error shows the values that a statement was sent with
async def test_an_error_keeps_the_values_to_itself(make: Make, url: str) -> None:
    """An error doesn't show the values that a statement was sent with."""
    secret = "$argon2id$of-lena"  # noqa: S105
    async with make(url).connect() as connection:
        with pytest.raises(OperationalError) as caught:
            await connection.execute(
                text("INSERT INTO gone VALUES (:it)"), {"it": secret}
            )
    assert secret not in str(caught.value), (
        f"A statement failed, and the error that goes into the log repeats the value "
        f"it was sent with: {str(caught.value)[-120:]!r}. Keep `hide_parameters=True`."
    )
