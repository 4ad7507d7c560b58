"""Checks of permissions.revision: what it makes, after what, and what it leaves."""

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import (
    URL,
    Column,
    Connection,
    create_engine,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects import postgresql

TABLES = ("assignments", "api_keys")
ROWS = (
    "INSERT INTO accounts VALUES (23, 'cem', 'COURIER', 1)",
    'INSERT INTO parcels (id, tracking_code, owner_id, "to", weight_g, value, '
    "created_at) VALUES (7, 'WB7', 23, '{}', 1, 1, '2026-03-02 09:00:00')",
    "INSERT INTO assignments VALUES (7, 23)",
    "INSERT INTO api_keys (prefix, hash, depot, created_at) VALUES "
    "('6f0c', '9b1e', 'BER', '2026-03-02 09:00:00')",
)
KEYS = {"assignments": ["parcel_id"], "api_keys": ["prefix"]}


def revision() -> ModuleType:
    """Import the learner's revision as Alembic does."""
    name = "waybill.migrations.versions.r5_permissions"
    return importlib.reload(importlib.import_module(name))


def take_step(connection: Connection) -> None:
    """Take the step upwards."""
    with Operations.context(MigrationContext.configure(connection)):
        revision().upgrade()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Connection]:
    """A connection to a database that has all tables but those of this lesson."""
    from waybill.tables import Base

    engine = create_engine(URL.create("sqlite", database=str(tmp_path / "old.db")))
    old = [one for name, one in Base.metadata.tables.items() if name not in TABLES]
    with engine.connect() as connection:
        Base.metadata.create_all(connection, old)
        yield connection
    engine.dispose()


@pytest.fixture
def differences(database: Connection) -> Callable[[], list[str]]:
    """Return a function that says in what the tables differ from their classes."""
    from waybill.tables import Base

    def of_this_lesson(_thing: object, name: str, kind: str, *_more: object) -> bool:
        return kind != "table" or name in TABLES

    def differences() -> list[str]:
        options = {"include_object": of_this_lesson}
        context = MigrationContext.configure(database, opts=options)
        found: list[Any] = []
        for one in compare_metadata(context, Base.metadata):
            found += one if isinstance(one, list) else [one]
        said = [in_words(one) for one in found]
        there = {*inspect(database).get_table_names()}
        for name in there.intersection(TABLES):
            key = inspect(database).get_pk_constraint(name)["constrained_columns"]
            if key != KEYS[name]:
                said.append(f"the key of {name} is {key}")
        return said

    return differences


def in_words(difference: Any) -> str:  # noqa: ANN401
    """Say what Alembic would do to a table."""
    kind, *details = difference
    thing = details[-1]
    match kind:
        case "add_column" | "remove_column":
            which = "misses" if kind == "add_column" else "has and the class hasn't"
            return f"{details[1]} {which} the column {thing.name}"
        case "add_fk":
            (column,) = thing.column_keys
            return f"{thing.parent.name}.{column} points at no other table"
        case "add_index":
            columns = ", ".join(column.name for column in thing.columns)
            return f"{thing.table.name} has no index on {columns} (index=True)"
        case "modify_nullable":
            _, table, column, _, may, _ = details
            rule = "may be empty" if may else "is never empty"
            return f"{table}.{column} {rule} (nullable={may}), unlike in its class"
    return f"{kind} {getattr(thing, 'name', thing)}"


@pytest.fixture
def types_made(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The types of the columns that a step makes, as PostgreSQL has them."""
    made: dict[str, str] = {}
    create = op.create_table

    def noting(name: str, *parts: Any, **options: Any) -> Any:  # noqa: ANN401
        made.update(
            (f"{name}.{part.name}", part.type.compile(postgresql.dialect()))
            for part in parts
            if isinstance(part, Column)
        )
        return create(name, *parts, **options)

    monkeypatch.setattr(op, "create_table", noting)
    return made


# - It comes after the newest revision that you have: `r4` of lesson 14, or an earlier
# one.
def test_it_comes_after_the_newest() -> None:
    """It comes after another revision, and there is one line of them."""
    import waybill.migrations

    (folder,) = waybill.migrations.__path__
    scripts = ScriptDirectory(folder)
    name = revision().revision
    try:
        heads = {*scripts.get_heads()}
        line = [one.revision for one in scripts.walk_revisions()]
    except (RevisionError, CommandError, KeyError) as error:
        raise AssertionError(
            f"Alembic can't follow your revisions: {error}. `down_revision` names a "
            "revision that lies in waybill/migrations/versions/."
        ) from None
    later = len(heads) == 1 and name in line  # later lessons have revisions, too
    before = heads - {name}
    assert later or name in heads, f"Another revision comes after {name!r}: {line}."
    assert later or not before, (
        f"Two revisions have nothing after them, {', '.join(sorted(heads))}: Alembic "
        "doesn't know which one is the newest. Let yours come after "
        f"{min(heads - {name})!r}."
    )
    # A later lesson's may come after it.
    assert line[-1] != name, "`down_revision` is None, and others were there before."


# - It makes `assignments` and `api_keys` as `tables.py` has them.
def test_it_makes_what_the_classes_say(
    database: Connection, differences: Callable[[], list[str]]
) -> None:
    """It makes both tables as the classes have them."""
    take_step(database)
    there = {*inspect(database).get_table_names()}
    missing = [name for name in TABLES if name not in there]
    assert not missing, f"After the step there is no table {missing[0]}."
    found = differences()
    assert not found, (
        f"After the step, the tables differ from their classes: {found[0]}."
    )


def test_its_types_are_right_on_postgresql(
    database: Connection, types_made: dict[str, str]
) -> None:
    """Its columns have the types of the classes on PostgreSQL, too."""
    from waybill.tables import Base

    take_step(database)
    for name in TABLES:
        for column in Base.metadata.tables[name].columns:
            wanted = column.type.compile(postgresql.dialect())
            found = types_made.get(f"{name}.{column.name}", wanted)
            assert found == wanted, (
                f"On PostgreSQL {name}.{column.name} would be {found}, and its class "
                f"says {wanted}. NUMBER and MOMENT are the types for ids and times."
            )


@pytest.mark.parametrize("name", TABLES)
def test_it_makes_the_one_that_is_missing(
    database: Connection, differences: Callable[[], list[str]], name: str
) -> None:
    """Where one of the tables is there, it makes the other one."""
    from waybill.tables import Base

    Base.metadata.create_all(database, [Base.metadata.tables[name]])
    take_step(database)
    found = differences()
    assert not found, (
        f"`create_all` had made {name}. After the step, the tables differ from their "
        f"classes: {found[0]}."
    )


# - It makes `assignments` and `api_keys` as `tables.py` has them.
def test_it_needs_no_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says for itself what the tables are, without `waybill.tables`."""
    import sys

    revision()
    monkeypatch.setitem(sys.modules, "waybill.tables", None)
    try:
        revision()
    except ImportError as error:
        raise AssertionError(
            f"The revision imports classes: {error}. They will change, and it has to "
            "make the tables as they are today."
        ) from None


# - A table that is there keeps its rows.
def test_rows_stay(database: Connection) -> None:
    """A table that is there keeps its rows."""
    from waybill.tables import Base

    both = [Base.metadata.tables[name] for name in TABLES]
    Base.metadata.create_all(database, both)
    for statement in ROWS:
        database.execute(text(statement))
    database.commit()
    take_step(database)
    for name in TABLES:
        rows = select(func.count()).select_from(Base.metadata.tables[name])
        count = database.execute(rows).scalar()
        assert count == 1, (
            f"{name} had one row, and has {count} after the step. Leave out what is "
            "there already."
        )
