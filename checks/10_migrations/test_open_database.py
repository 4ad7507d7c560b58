"""Checks of migrations.open_database: a start, in production and in development."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    closing,
    suppress,
)
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Column, Integer, Table, exc, text

Start = Callable[..., AbstractAsyncContextManager[FastAPI]]
Scripts = Callable[..., Path]
SCHEMA = "SELECT name, sql FROM sqlite_master ORDER BY name"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the database is."""
    return tmp_path / "waybill.db"


@pytest.fixture
def start(file: Path, monkeypatch: pytest.MonkeyPatch, scripts: Scripts) -> Start:
    """Return a function that starts a Waybill, in production or not."""
    from waybill.app import create_app
    from waybill.settings import Settings

    monkeypatch.chdir(file.parent)
    scripts()

    @asynccontextmanager
    async def start(environment: str) -> AsyncIterator[FastAPI]:
        app = create_app(
            Settings(
                environment=environment,
                database_url=f"sqlite+aiosqlite:///{file}",
                secret_key="k" * 40,
            )
        )
        try:
            async with app.router.lifespan_context(app):
                yield app
        except exc.InvalidRequestError as error:
            if "already" not in str(error):
                raise
            raise AssertionError(
                f"SQLAlchemy said: {error} `alone` begins a transaction of its own: "
                f"let the engine `connect()`, and not `begin()`."
            ) from None

    return start


@pytest.fixture
def unfinished() -> Iterator[str]:
    """The name of a table that no revision knows."""
    from waybill.tables import Base

    table = Table("ideas", Base.metadata, Column("id", Integer(), primary_key=True))
    yield table.name
    Base.metadata.remove(table)


def read(file: Path, query: str) -> list[Any]:
    """Return what another program reads in the database."""
    with closing(sqlite3.connect(file)) as elsewhere:
        return elsewhere.execute(query).fetchall()


def write(file: Path, script: str) -> None:
    """Let another program change the database."""
    with closing(sqlite3.connect(file)) as elsewhere:
        elsewhere.executescript(script)


def at(revision: str) -> str:
    """Return the SQL of a database with crates, at a revision if there is one."""
    colour = {"r2": ", colour TEXT"}.get(revision, "")
    version = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);"
    version += f"INSERT INTO alembic_version VALUES ('{revision}');"
    return (version if revision else "") + (
        f"CREATE TABLE crates (id INTEGER PRIMARY KEY{colour});"
        "INSERT INTO crates (id) VALUES (7);"
    )


# - In production an app refuses to start on tables that aren't at the newest revision,
@pytest.mark.parametrize("revision", ["r1", "", "empty"])
async def test_production_refuses_old_tables(
    start: Start, file: Path, revision: str
) -> None:
    """In production it refuses old tables, with or without a revision, and none."""
    from waybill.app import OldTablesError

    write(file, "" if revision == "empty" else at(revision))
    before = read(file, SCHEMA)
    about = {"": "no revision", "empty": "no table"}.get(revision, revision)
    refused: OldTablesError | None = None
    try:
        async with start("production"):
            pass
    except OldTablesError as error:
        refused = error
    new = [name for name, _ in read(file, SCHEMA) if name not in dict(before)]
    assert read(file, SCHEMA) == before, (
        f"In production, on a database that has {about}, the start changed its "
        f"tables. It made {', '.join(new) or 'none anew'}. There it only asks "
        "`is_newest`."
    )
    assert refused, (
        f"The newest revision is r2. In production, on a database that has {about}, "
        f"the app started. Ask `is_newest(connection)`, and raise OldTablesError."
    )
    assert "python -m waybill.migrate" in str(refused), (
        f"OldTablesError says {str(refused)!r}. Name the command that helps: "
        f"`python -m waybill.migrate`."
    )


# - In production an app refuses to start on tables that aren't at the newest revision,
async def test_production_starts_on_the_newest(
    start: Start, file: Path, unfinished: str
) -> None:
    """In production it starts on the newest tables, and creates none."""
    write(file, at("r2"))
    before = read(file, SCHEMA)
    async with start("production") as app, app.state.sessions() as session:
        found = (await session.execute(text("SELECT id FROM crates"))).scalars()
        assert [*found] == [7], "The app reads another database than its settings say."
    assert read(file, SCHEMA) == before, (
        f"The database was at the newest revision, and in production the start has "
        f"changed its tables: {unfinished!r} is new. Only development calls prepare."
    )


# - In development, tables are brought to the newest revision at the start, and what is
@pytest.mark.parametrize("revision", ["", "r1", "r2"])
async def test_development_brings_tables_up_to_date(
    start: Start, file: Path, revision: str
) -> None:
    """In development tables are brought to the newest revision, and rows stay."""
    if revision:
        write(file, at(revision))
    for time in ("first", "second"):
        async with start("development"):
            found = read(file, "SELECT version_num FROM alembic_version")
        assert found == [("r2",)], (
            f"In development, on a database at {revision or 'no revision'}, the {time} "
            f"start leaves it at {found or 'none'}; the newest is r2. Is everything "
            f"committed, as `with alone(connection):` does?"
        )
        rows = read(file, "SELECT id FROM crates")
        assert rows == ([(7,)] if revision else []), f"Afterwards the rows are {rows}."


# - In development, tables are brought to the newest revision at the start, and what is
async def test_development_creates_what_has_no_revision(
    start: Start, file: Path, unfinished: str
) -> None:
    """In development a table that no revision knows is created, after the revisions."""
    from waybill.tables import Base

    crates = Table("crates", Base.metadata, Column("id", Integer(), primary_key=True))
    try:
        async with start("development"):
            names = [name for name, _ in read(file, SCHEMA)]
    except exc.OperationalError as error:
        raise AssertionError(
            f"A revision was to create a table, and said: {error.orig}. The revisions "
            f"come first, then `create_all`."
        ) from None
    finally:
        Base.metadata.remove(crates)
    assert unfinished in names, (
        f"tables.py has a table {unfinished!r} that no revision knows, and in "
        f"development it is missing: {names}. Keep `create_all`, after the revisions."
    )


# - In development, tables are brought to the newest revision at the start, and what is
async def test_workers_take_turns(
    start: Start, file: Path, faster: Callable[..., Any]
) -> None:
    """Workers that start at the same moment take turns, for tables of both kinds."""
    work = "CREATE TABLE crates (id INTEGER PRIMARY KEY, colour TEXT);"
    with faster(file, work) as seen:
        try:
            async with start("development"):
                pass
        except exc.OperationalError as error:
            raise AssertionError(
                f"Another worker started at the same moment, and yours ended in: "
                f"{error.orig}. All of `prepare` stands in `with alone(connection):`."
            ) from None
    assert not seen.overtaken, "Another worker could write while yours prepared."


async def test_workers_take_turns_for_the_rest(
    start: Start, file: Path, faster: Callable[..., Any], unfinished: str
) -> None:
    """Workers take turns while they create what no revision knows, too."""
    write(file, at("r2"))
    rival = f"CREATE TABLE {unfinished} (id INTEGER PRIMARY KEY);"
    with faster(file, rival) as seen, suppress(exc.OperationalError):
        async with start("development"):
            pass
    assert not seen.overtaken, (
        "While your app created tables that no revision knows, another worker could "
        "create the same. `create_all` stands in `with alone(connection):`, too."
    )


# - All else is as before: `app.state.sessions`, connections that are closed whatever
@pytest.mark.parametrize("environment", ["development", "production"])
async def test_a_started_app_is_as_before(
    start: Start, file: Path, lent: SimpleNamespace, environment: str
) -> None:
    """A started app has its sessions, and no connection is lent out while it waits."""
    write(file, at("r2"))
    async with start(environment) as app:
        assert lent.out == 0, (
            f"In {environment}, the app waits for requests, and {lent.out} connection "
            f"is lent out. The yield stands behind the block of `engine.connect()`."
        )
        async with app.state.sessions() as session:
            enforced = await session.scalar(text("PRAGMA foreign_keys"))
            assert enforced, (
                "A session of the app doesn't enforce foreign keys. Make the engine "
                "with make_engine, and let `alone` end before the app serves."
            )
            assert not session.sync_session.expire_on_commit, (
                "A row can't be read any more after its commit: expire_on_commit=False."
            )


# - All else is as before: `app.state.sessions`, connections that are closed whatever
@pytest.mark.usefixtures("start")
async def test_one_app_may_start_twice() -> None:
    """An app that is started again has a database that is open."""
    from waybill.app import create_app
    from waybill.settings import Settings

    settings = Settings(environment="development", database_url="sqlite+aiosqlite://")
    app, makers = create_app(settings), []
    for _ in range(2):
        async with app.router.lifespan_context(app):
            makers.append(app.state.sessions)
    assert makers[0].kw["bind"] is not makers[1].kw["bind"], (
        "An app was started again, and its sessions are those of the first engine."
    )


ENDS = {
    "was stopped": None,
    "ended with an error": ConnectionAbortedError(),
    "was cancelled": asyncio.CancelledError(),
}


# - All else is as before: `app.state.sessions`, connections that are closed whatever
@pytest.mark.parametrize("end", ENDS)
async def test_every_connection_is_closed(
    start: Start, file: Path, lent: SimpleNamespace, end: str
) -> None:
    """At the end every connection is closed, whatever happened."""
    write(file, at("r2"))
    with suppress(ConnectionAbortedError, asyncio.CancelledError):
        async with start("development"):
            if error := ENDS[end]:
                raise error
    number = await lent.still_open()
    assert number == 0, f"The app {end}, and {number} connection is open."


@pytest.mark.parametrize("environment", ["development", "production"])
async def test_a_failed_start_leaves_nothing_open(
    start: Start, file: Path, lent: SimpleNamespace, scripts: Scripts, environment: str
) -> None:
    """A start that fails lets its error through, and closes every connection."""
    from waybill.app import OldTablesError

    write(file, at("r2"))
    scripts(broken=True)
    with pytest.raises((RuntimeError, OldTablesError)):
        async with start(environment):
            pass
    number = await lent.still_open()
    assert number == 0, (
        f"In {environment} the start failed, and {number} connection is open. The "
        f"`try` begins right after the engine is made."
    )
