"""Checks of migrations.migrate: one at a time, and all or nothing."""

import asyncio
import runpy
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.pool import StaticPool

Alone = Callable[[Connection], AbstractContextManager[None]]
Scripts = Callable[..., Path]


def keys(connection: Connection) -> int:
    """Return whether foreign keys are enforced, as SQLite says it."""
    return int(connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the database is."""
    return tmp_path / "waybill.db"


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    """An engine as Waybill's: foreign keys are enforced; it waits for nobody."""
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": 0})

    @event.listens_for(engine, "connect")
    def enforce(connection: Any, _record: object) -> None:  # noqa: ANN401
        connection.execute("PRAGMA foreign_keys = ON")

    yield engine
    engine.dispose()


@pytest.fixture
def alone() -> Alone:
    """The learner's `alone`, imported by the check."""
    from waybill.migrate import alone

    return alone


def read(file: Path, query: str) -> list[Any]:
    """Return what another program reads in the database."""
    with closing(sqlite3.connect(file, timeout=0)) as elsewhere:
        try:
            return elsewhere.execute(query).fetchall()
        except sqlite3.OperationalError as error:
            return [str(error)]


def write(file: Path, script: str) -> None:
    """Let another program write."""
    with closing(sqlite3.connect(file)) as elsewhere:
        elsewhere.executescript(script)


# - `with alone(connection):` begins a transaction and takes the database's lock:
def test_nobody_else_can_write(engine: Engine, alone: Alone, file: Path) -> None:
    """Within the block of `alone`, nobody else can write to SQLite."""
    with engine.connect() as connection, alone(connection):
        off = not keys(connection)
        locked = "locked" in str(read(file, "BEGIN IMMEDIATE"))
    assert locked, (
        "Within the block of alone(connection), another program could begin to write. "
        "Send SQLite what TAKE_TURNS has for it, before the yield."
    )
    assert off, (
        "Within the block, foreign keys are still enforced. SQLite ignores that PRAGMA "
        "in a transaction: send it first, and then begin."
    )


@pytest.mark.parametrize("name", ["postgresql", "mysql"])
def test_postgresql_is_asked_for_its_lock(alone: Alone, name: str) -> None:
    """PostgreSQL is asked for its lock, once; other databases for nothing."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    engine.dialect.name = name
    sent: list[str] = []

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def note(*details: Any) -> tuple[str, Any]:  # noqa: ANN401
        sent.append(details[2])
        return ("SELECT 1", ()) if "lock" in details[2] else (details[2], details[3])

    with engine.connect() as connection, alone(connection):
        before = [*sent]
    engine.dispose()
    locks = [one for one in before if "pg_advisory_xact_lock(9292455)" in one]
    wanted = 1 if name == "postgresql" else 0
    assert len(locks) == wanted, (
        f"On a database that is {name}, `alone` sent {before or 'nothing'} before the "
        f"block. TAKE_TURNS has the statement for each database that has one."
    )
    others = [one for one in sent if one not in locks]
    assert not others, f"{name} was sent {others}, which is SQLite's alone."


# - At the end of the block everything is committed. After an error in it nothing was
def test_all_is_committed(engine: Engine, alone: Alone, file: Path) -> None:
    """At the end of the block everything is committed, and it can be used again."""
    with engine.connect() as connection:
        for number in (1, 2):
            with alone(connection):
                connection.exec_driver_sql(f"CREATE TABLE crates_{number} (id INTEGER)")
                connection.exec_driver_sql(f"INSERT INTO crates_{number} VALUES (7)")
            found = read(file, f"SELECT id FROM crates_{number}")
            assert found == [(7,)], (
                f"A table was made in the block of alone(connection), with a row. "
                f"After the block another program finds {found}."
            )


@pytest.mark.parametrize("error", [LookupError("in the middle"), KeyboardInterrupt()])
def test_after_an_error_nothing_has_changed(
    engine: Engine, alone: Alone, file: Path, error: BaseException
) -> None:
    """After an error in the block nothing has changed, and the error goes on."""
    write(file, "CREATE TABLE lids (id INTEGER); INSERT INTO lids VALUES (1)")
    raised = None
    with engine.connect() as connection:
        try:
            with alone(connection):
                connection.exec_driver_sql("CREATE TABLE crates (id INTEGER)")
                connection.exec_driver_sql("UPDATE lids SET id = 2")
                raise error
        except (LookupError, KeyboardInterrupt) as caught:
            raised = caught
        on = keys(connection)
    found = read(file, "SELECT id FROM lids"), read(file, "SELECT * FROM crates")
    assert found == ([(1,)], ["no such table: crates"]), (
        f"In the block a table `crates` was made, a row was changed from 1 to 2, and "
        f"then an error came. Afterwards there is {found}. Begin the transaction "
        f"yourself, as the driver begins none at a CREATE TABLE."
    )
    assert raised is error, f"The error was swallowed; what came out is {raised!r}."
    assert on, (
        "After the error, foreign keys are no longer enforced on this connection. Send "
        "the PRAGMA in a `finally`, and after the transaction has ended: within it, "
        "SQLite ignores that."
    )


# - Afterwards foreign keys are enforced again, even if the lock could not be taken.
def test_foreign_keys_are_enforced_again(
    engine: Engine, alone: Alone, file: Path
) -> None:
    """Afterwards foreign keys are enforced again, even if the lock was not given."""
    with engine.connect() as connection:
        with alone(connection):
            connection.exec_driver_sql("CREATE TABLE crates (id INTEGER)")
        assert keys(connection), "After the block, foreign keys are not enforced."
        connection.rollback()
        with closing(sqlite3.connect(file)) as other:
            other.execute("BEGIN IMMEDIATE")
            with suppress(exc.OperationalError), alone(connection):
                pass
        connection.rollback()
        assert keys(connection), (
            "Somebody else had the lock, so the block was never reached. Since then "
            "foreign keys are not enforced. The `try` has to begin before the lock."
        )


def tables_of(file: Path) -> dict[str, list[Any]]:
    """Return the crates and the revision of a database."""
    known = ("alembic_version", "crates", "lids")
    query = f"SELECT name FROM sqlite_master WHERE name IN {known}"
    return {name: read(file, f"SELECT * FROM {name}") for (name,) in read(file, query)}


# - `await migrate(url)` brings a database to the newest revision, and `migrate(url,
async def test_a_database_is_brought_to_a_revision(
    scripts: Scripts, file: Path
) -> None:
    """`migrate` brings a database to a revision, keeps its rows, and may come twice."""
    from waybill.migrate import migrate

    scripts()
    url = f"sqlite+aiosqlite:///{file}"
    await migrate(url, "r1")
    first = tables_of(file)
    assert first == {"alembic_version": [("r1",)], "crates": []}, (
        f"After migrate(url, 'r1') another program finds {first or 'no table'}. Is the "
        f"second argument handed on, and the transaction committed?"
    )
    write(file, "INSERT INTO crates VALUES (7)")
    for time in ("first", "second"):
        await migrate(url)
        found = tables_of(file)
        wanted = {"alembic_version": [("r2",)], "crates": [(7, "blue")]}
        assert found == wanted, (
            f"After the {time} migrate(url) there is {found}; wanted is {wanted}."
        )


async def test_a_failing_revision_changes_nothing(scripts: Scripts, file: Path) -> None:
    """A revision that fails takes the others of this run with it, and says so."""
    from waybill.migrate import migrate

    scripts()
    url = f"sqlite+aiosqlite:///{file}"
    await migrate(url, "r1")
    write(file, "INSERT INTO crates VALUES (7)")
    before = tables_of(file)
    scripts(broken=True)
    with pytest.raises(RuntimeError):
        await migrate(url)
    assert tables_of(file) == before, (
        f"The third revision fails. Before, there was {before}; afterwards there is "
        f"{tables_of(file)}. Let `alone` stand around `upgrade`."
    )


# - Several that migrate at the same moment end well.
async def test_several_migrate_at_once(
    scripts: Scripts, file: Path, faster: Callable[..., Any]
) -> None:
    """Several that migrate at the same moment all end well."""
    from waybill.migrate import migrate

    scripts()
    url = f"sqlite+aiosqlite:///{file}"
    work = (
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);"
        "CREATE TABLE crates (id INTEGER PRIMARY KEY, colour TEXT);"
        "INSERT INTO alembic_version VALUES ('r2');"
    )
    with faster(file, work) as seen:
        try:
            await migrate(url)
        except exc.SQLAlchemyError as error:
            raise AssertionError(
                f"Right before the first CREATE TABLE another worker did all of it, "
                f"and yours ended in: {error.args[0]}. Take the lock before Alembic "
                f"looks what is there."
            ) from None
    assert not seen.overtaken, "Another worker could write while yours migrated."
    await asyncio.gather(*(migrate(url) for _ in range(4)))
    assert tables_of(file)["alembic_version"] == [("r2",)]


# - In the end every connection is closed, even after an error.
@pytest.mark.parametrize("broken", [False, True])
async def test_every_connection_is_closed(
    scripts: Scripts, file: Path, lent: SimpleNamespace, broken: bool
) -> None:
    """In the end every connection is closed, even after an error."""
    from waybill.migrate import migrate

    scripts(broken=broken)
    with suppress(RuntimeError):
        await migrate(f"sqlite+aiosqlite:///{file}")
    number = await lent.still_open()
    assert number == 0, (
        f"`migrate` has ended{' with an error' if broken else ''}, and {number} "
        f"connection is open. `await engine.dispose()` belongs into a `finally`."
    )
    assert broken or tables_of(file), "Nothing was migrated."


# - The rest is given, and stays as it is.
def test_tables_of_today_are_new(engine: Engine, scripts: Scripts, file: Path) -> None:
    """What `create_all` made is new, unless Alembic has written a revision down."""
    from waybill.migrate import upgrade
    from waybill.tables import Base

    scripts()
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        upgrade(connection)
    assert tables_of(file) == {"alembic_version": [("r2",)]}, "Nothing was to run."
    write(file, "UPDATE alembic_version SET version_num = 'r1'")
    with engine.begin() as connection, pytest.raises(exc.OperationalError):
        upgrade(connection)  # to r2, for which `crates` are missing


async def test_it_is_a_command(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m waybill.migrate` migrates the database of the settings."""
    from waybill import migrate, settings

    chosen = SimpleNamespace(database_url=f"sqlite+aiosqlite:///{file}")
    monkeypatch.setattr(settings, "get_settings", lambda: chosen)
    begun: list[Any] = []
    monkeypatch.setattr(asyncio, "run", begun.append)
    runpy.run_path(str(migrate.__file__), run_name="waybill.migrate")
    assert not begun, "Whoever imports waybill.migrate migrates a database."
    runpy.run_path(str(migrate.__file__), run_name="__main__")
    for one in begun:
        await one
    assert tables_of(file), "It has migrated nothing. Leave the last two lines there."
