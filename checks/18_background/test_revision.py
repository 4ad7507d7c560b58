"""Checks of background.revision: the table of jobs, where no start makes it."""

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
    inspect,
    text,
)
from sqlalchemy.dialects import postgresql

ROW = (
    "INSERT INTO jobs (kind, payload, state, attempts, run_at) VALUES "
    "('letter', '{}', 'waiting', 0, '2026-03-02 09:00:00')"
)


def revision() -> ModuleType:
    """Import the learner's revision as Alembic does."""
    name = "waybill.migrations.versions.r6_jobs"
    return importlib.reload(importlib.import_module(name))


def take_step(connection: Connection, way: str = "upgrade") -> None:
    """Take a step of the revision."""
    with Operations.context(MigrationContext.configure(connection)):
        getattr(revision(), way)()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Connection]:
    """A connection to a database that has all tables but `jobs`."""
    from waybill.tables import Base

    engine = create_engine(URL.create("sqlite", database=str(tmp_path / "old.db")))
    old = [one for name, one in Base.metadata.tables.items() if name != "jobs"]
    with engine.connect() as connection:
        Base.metadata.create_all(connection, old)
        yield connection
    engine.dispose()


@pytest.fixture
def differences(database: Connection) -> Callable[[], list[str]]:
    """Return a function that says in what the table differs from its class."""
    from waybill.tables import Base

    def of_this_lesson(_thing: object, name: str, kind: str, *_more: object) -> bool:
        return kind != "table" or name == "jobs"

    def differences() -> list[str]:
        options = {"include_object": of_this_lesson}
        context = MigrationContext.configure(database, opts=options)
        found: list[Any] = []
        for one in compare_metadata(context, Base.metadata):
            found += one if isinstance(one, list) else [one]
        return [in_words(one) for one in found]

    return differences


def in_words(difference: Any) -> str:  # noqa: ANN401
    """Say what Alembic would do to a table."""
    kind, *details = difference
    thing = details[-1]
    match kind:
        case "add_column" | "remove_column":
            which = "misses" if kind == "add_column" else "has and the class hasn't"
            return f"{details[1]} {which} the column {thing.name}"
        case "add_index" | "remove_index":
            columns = ", ".join(column.name for column in thing.columns)
            which = "no index" if kind == "add_index" else "the index"
            rest = (
                "" if kind == "add_index" else ", and its class has none of that name"
            )
            return f"{thing.table.name} has {which} {thing.name} on {columns}{rest}"
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
            (part.name, part.type.compile(postgresql.dialect()))
            for part in parts
            if isinstance(part, Column)
        )
        return create(name, *parts, **options)

    monkeypatch.setattr(op, "create_table", noting)
    return made


# - It comes after the newest revision that you have: `r5` of lesson 15, or an earlier
# one.
def test_there_is_one_line() -> None:
    """It comes after another revision, and there is one line of them."""
    import waybill.migrations

    (folder,) = waybill.migrations.__path__
    scripts = ScriptDirectory(folder)
    name = revision().revision
    assert name == "r6", f"`revision` is {name!r}."
    try:
        heads = {*scripts.get_heads()}
        line = [one.revision for one in scripts.walk_revisions()]
    except (RevisionError, CommandError, KeyError) as error:
        raise AssertionError(
            f"Alembic can't follow your revisions: {error}. `down_revision` names a "
            "revision that lies in waybill/migrations/versions/."
        ) from None
    assert len(heads) == 1, (
        f"Several revisions have nothing after them, {', '.join(sorted(heads))}: "
        "Alembic doesn't know which one is the newest. Let yours come after "
        f"{min(heads - {name})!r}."
    )
    assert line[-1] != name, "`down_revision` is None, and others were there before."


# - It makes `jobs` as `tables.py` has it, with the index.
def test_it_makes_what_the_class_says(
    database: Connection, differences: Callable[[], list[str]]
) -> None:
    """It makes the table and its index as the class has them."""
    take_step(database)
    assert inspect(database).has_table("jobs"), "After the step there is no `jobs`."
    found = differences()
    assert not found, f"After the step, the table differs from its class: {found[0]}."
    key = inspect(database).get_pk_constraint("jobs")["constrained_columns"]
    assert key == ["id"], f"The key of `jobs` is {key}."
    database.execute(text(ROW))
    database.execute(text("DELETE FROM jobs"))
    database.execute(text(ROW))
    (number,) = database.execute(text("SELECT id FROM jobs")).scalars()
    assert number == 2, f"Job 1 is gone, and the next one got the id {number}."


# - It makes `jobs` as `tables.py` has it, with the index.
def test_its_types_are_right_on_postgresql(
    database: Connection, types_made: dict[str, str]
) -> None:
    """Its columns have the types of the class on PostgreSQL, too."""
    from waybill.tables import Base

    take_step(database)
    for column in Base.metadata.tables["jobs"].columns:
        wanted = column.type.compile(postgresql.dialect())
        found = types_made.get(column.name, wanted)
        assert found == wanted, (
            f"On PostgreSQL jobs.{column.name} would be {found}, and its class says "
            f"{wanted}."
        )


# - It makes `jobs` as `tables.py` has it, with the index.
def test_it_needs_no_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says for itself what the table is, without `waybill.tables`."""
    import sys

    revision()
    monkeypatch.setitem(sys.modules, "waybill.tables", None)
    try:
        revision()
    except ImportError as error:
        raise AssertionError(
            f"The revision imports classes: {error}. They will change, and it has to "
            "make the table as it is today."
        ) from None


# - A table that is there keeps its rows.
def test_rows_stay(database: Connection) -> None:
    """A table that is there keeps its rows, on the way up and down and up again."""
    from waybill.tables import Base

    Base.metadata.create_all(database, [Base.metadata.tables["jobs"]])
    database.execute(text(ROW))
    database.commit()
    for way in ("upgrade", "downgrade", "upgrade"):
        take_step(database, way)
        there = inspect(database).has_table("jobs")
        count = database.execute(text("SELECT count(*) FROM jobs")).scalar()
        assert (there, count) == (True, 1), (
            f"`jobs` had one row, and after {way} it has {count}: a letter is lost."
        )
