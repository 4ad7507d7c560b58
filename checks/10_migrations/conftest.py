"""Fixtures that checks of this lesson share: old tables, and Alembic around a step."""

import importlib
import io
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    AdaptedConnection,
    Connection,
    Engine,
    create_engine,
    event,
    exc,
    inspection,
    text,
)
from sqlalchemy.engine.mock import MockConnection
from sqlalchemy.engine.url import URL

TABLES = {
    "accounts": "id INTEGER NOT NULL, email VARCHAR(320) NOT NULL, role VARCHAR(10) "
    "NOT NULL, active BOOLEAN NOT NULL, PRIMARY KEY (id), UNIQUE (email)",
    "parcels": "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, tracking_code "
    'VARCHAR(20) NOT NULL, owner_id INTEGER NOT NULL, "to" JSON NOT NULL, weight_g '
    "INTEGER NOT NULL, value INTEGER NOT NULL, created_at DATETIME NOT NULL, UNIQUE "
    "(tracking_code), FOREIGN KEY(owner_id) REFERENCES accounts (id)",
    "scans": "id INTEGER NOT NULL, parcel_id INTEGER NOT NULL, depot VARCHAR(3) NOT "
    "NULL, kind VARCHAR(9) NOT NULL, at DATETIME NOT NULL, weight_g INTEGER, PRIMARY "
    "KEY (id), UNIQUE (parcel_id, depot, kind, at), FOREIGN KEY(parcel_id) REFERENCES "
    "parcels (id)",
    "changes": "parcel_id INTEGER NOT NULL, number INTEGER NOT NULL, account_id "
    "INTEGER NOT NULL, at DATETIME NOT NULL, PRIMARY KEY (parcel_id, number), FOREIGN "
    "KEY(parcel_id) REFERENCES parcels (id), FOREIGN KEY(account_id) REFERENCES "
    "accounts (id)",
}
"""The tables that `create_all` made in lessons 06 and 09, on SQLite."""
INDEX = "CREATE INDEX ix_parcels_owner_id ON parcels (owner_id)"
ROWS = {
    "accounts": [(3, "lena@example.com", "SENDER", 1), (5, "cem@example.com", "C", 0)],
    "parcels": [
        (7, "WB7", 3, '{"city": "Berlin"}', 750, 1990, "2026-03-01 09:30:00.250000"),
        (8, "WB8", 5, '{"city": "Köln"}', 80, 5, "2026-03-01 09:31:00.000000"),
    ],
    "scans": [
        (1, 7, "BER", "PICKED_UP", "2026-03-01 11:00:00.000000", 751),
        (2, 8, "BER", "ARRIVED", "2026-03-02 12:00:00.125000", None),
        (5, 7, "HAM", "ARRIVED", "2026-03-04 13:00:00.000000", None),
    ],
    "changes": [(7, 1, 3, "2026-03-01 10:00:00.000000")],
}


@pytest.fixture
def tables() -> dict[str, str]:
    """What stands in the brackets of each old table's CREATE TABLE."""
    return dict(TABLES)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    """An engine on an empty SQLite file; foreign keys are as `alone` leaves them."""
    engine = create_engine(URL.create("sqlite", database=str(tmp_path / "old.db")))
    yield engine
    engine.dispose()


@pytest.fixture
def fill(tables: dict[str, str]) -> Callable[..., None]:
    """Return a function that makes old tables, with rows or without."""

    def fill(connection: Connection, *, without: str = "", rows: bool = True) -> None:
        for name, columns in tables.items():
            if name == without:
                continue
            connection.exec_driver_sql(f"CREATE TABLE {name} ({columns})")
            if name == "parcels":
                connection.exec_driver_sql(INDEX)
            for row in ROWS[name] if rows else ():
                marks = ", ".join("?" * len(row))
                connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({marks})", row)
        connection.commit()

    return fill


@pytest.fixture
def content() -> Callable[[Connection], dict[str, list[tuple[Any, ...]]]]:
    """Return a function that returns all rows, but what a newer Waybill has added."""

    def content(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
        found = {}
        for name, rows in ROWS.items():
            with suppress(Exception):  # a table that is missing has no rows
                here = connection.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1, 2")
                found[name] = [tuple(row)[: len(rows[0])] for row in here]
        return found

    return content


@pytest.fixture
def rows() -> dict[str, Any]:
    """The rows that `fill` stores."""
    return dict(ROWS)


def load(name: str) -> ModuleType:
    """Import a revision as Alembic does, from its file."""
    module = importlib.import_module(f"waybill.migrations.versions.{name}")
    return importlib.reload(module)


@pytest.fixture
def step() -> Callable[..., None]:
    """Return a function that takes one step of a revision on a connection."""

    def step(name: str, way: str, connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            getattr(load(name), way)()

    return step


@pytest.fixture
def without_waybill(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Return a function that tells what a revision needs of `waybill`, or nothing."""

    def needed(name: str) -> str:
        importlib.import_module(f"waybill.migrations.versions.{name}")
        ours = {one for one in sys.modules if one.startswith("waybill.")}
        ours |= {f"waybill.{one}" for one in ("tables", "schemas", "database")}
        engine = create_engine("sqlite://")
        with monkeypatch.context() as patch:
            for module in ours:
                if not module.startswith("waybill.migrations"):
                    patch.setitem(sys.modules, module, None)  # type: ignore[arg-type]
            try:
                upgrade = load(name).upgrade
                with (
                    engine.begin() as connection,
                    Operations.context(MigrationContext.configure(connection)),
                    suppress(exc.SQLAlchemyError),  # there is nothing to change
                ):
                    upgrade()
            except ImportError as error:
                return str(error)
            finally:
                engine.dispose()
        return ""

    return needed


class Nothing:
    """What an inspector, and a query, find in a database that is empty."""

    has_table = get_table_names = all = fetchall = lambda *_, **__: []
    scalars = mappings = lambda nothing: nothing
    first = fetchone = scalar = one_or_none = scalar_one_or_none = lambda _: None


@pytest.fixture
def sql_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, str], list[str]]:
    """Return a function that returns the SQL of a step on a dialect, if it can."""
    send = MockConnection.execute

    def ask(mock: MockConnection, asked: Any, *_: object) -> Nothing:  # noqa: ANN401
        send(mock, text(asked) if isinstance(asked, str) else asked)
        return Nothing()

    for name in ("execute", "exec_driver_sql"):
        monkeypatch.setattr(MockConnection, name, ask, raising=False)
    registrars: dict[Any, Any] = inspection._registrars
    monkeypatch.setitem(registrars, MockConnection, lambda _: Nothing())

    def sql_of(name: str, way: str, dialect: str) -> list[str]:
        buffer = io.StringIO()
        options: dict[str, Any] = {"as_sql": True, "output_buffer": buffer}
        context = MigrationContext.configure(dialect_name=dialect, opts=options)
        try:
            with Operations.context(context):
                getattr(load(name), way)()
        except (AttributeError, TypeError, ValueError):
            return []
        parts = [one.split() for one in buffer.getvalue().split(";")]
        return [" ".join(words) for words in parts if words]

    return sql_of


REVISION = """
from alembic import op

revision, down_revision = {0!r}, {1!r}


def upgrade() -> None:
    for statement in {2!r}.split("; "):
        op.execute(statement)
"""
FIRST = REVISION.format("r1", None, "CREATE TABLE crates (id INTEGER PRIMARY KEY)")
BLUE = "ALTER TABLE crates ADD COLUMN colour TEXT; UPDATE crates SET colour = 'blue'"
RED = "CREATE TABLE lids (id INTEGER); UPDATE crates SET colour = 'red'"
BROKEN = REVISION.format("r3", "r2", RED) + '    raise RuntimeError("It fails.")\n'
SCRIPTS = {
    "env": """
from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
""",
    "versions/r1": FIRST,
    "versions/r2": REVISION.format("r2", "r1", BLUE),
}


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return a function that puts other revisions in the place of Waybill's."""

    def write(*, broken: bool = False) -> Path:
        migrate = importlib.import_module("waybill.migrate")
        folder = tmp_path / "100% scripts"
        more = {"versions/r3": BROKEN} if broken else {}
        for name, script in {**SCRIPTS, **more}.items():
            path = folder / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(script, encoding="utf-8")
        monkeypatch.setattr(migrate, "SCRIPTS", folder)
        return folder

    return write


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
        if hasattr(connection, "driver_connection"):  # an async one
            opened.append(connection.driver_connection)

    def count(change: int) -> Callable[..., None]:
        return lambda *_: setattr(lent, "out", lent.out + change)

    listeners = {"connect": note_open, "checkout": count(1), "checkin": count(-1)}
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    yield lent
    for name, listener in listeners.items():
        event.remove(Engine, name, listener)
    for connection in opened:
        await connection.close()  # or its thread would keep this process alive


@pytest.fixture
def faster() -> Callable[..., Any]:
    """Return what lets another worker overtake one that has no write lock."""

    @contextmanager
    def faster(file: Path, work: str) -> Iterator[SimpleNamespace]:
        seen = SimpleNamespace(overtaken=False)

        def overtake(*details: object) -> None:
            statement = str(details[2]).lstrip().upper()
            if seen.overtaken or not statement.startswith("CREATE TABLE"):
                return
            other = sqlite3.connect(file, timeout=0)
            with suppress(sqlite3.OperationalError):  # it is locked
                other.executescript(f"BEGIN IMMEDIATE; {work} COMMIT;")
                seen.overtaken = True
            other.close()

        event.listen(Engine, "before_cursor_execute", overtake)
        try:
            yield seen
        finally:
            event.remove(Engine, "before_cursor_execute", overtake)

    return faster
