"""Checks of migrations.baseline: what there is stays, what is missing is made."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, exc, inspect

NAME = "r1_baseline"
ROLES = ("SENDER", "COURIER", "DISPATCHER")
KINDS = ("PICKED_UP", "ARRIVED", "DEPARTED", "DELIVERED")
Step = Callable[[str, str, Connection], None]
Fill = Callable[..., None]
Content = Callable[[Connection], dict[str, list[tuple[Any, ...]]]]
Rows = dict[str, list[tuple[Any, ...]]]


def shape(connection: Connection) -> dict[str, Any]:
    """Return what a database's tables are, in a form that can be compared."""
    look = inspect(connection)
    found: dict[str, Any] = {}
    for name in sorted({*look.get_table_names()} - {"alembic_version"}):
        for column in look.get_columns(name):
            empty = "" if column["nullable"] else " NOT NULL"
            kind = str(column["type"]).replace("TIMESTAMP", "DATETIME")
            found[f"{name}.{column['name']}"] = f"{kind}{empty}"
        found[f"the key of {name}"] = look.get_pk_constraint(name)[
            "constrained_columns"
        ]
        unique = look.get_unique_constraints(name)
        found[f"unique in {name}"] = sorted(one["column_names"] for one in unique)
        keys = look.get_foreign_keys(name)
        found[f"foreign keys of {name}"] = sorted(
            f"{one['constrained_columns']} → {one['referred_table']} "
            f"{one['referred_columns']}"
            for one in keys
        )
        found[f"indexes of {name}"] = sorted(
            f"{one['name']} {one['column_names']}" for one in look.get_indexes(name)
        )
    query = "SELECT sql FROM sqlite_master WHERE name = 'parcels'"
    sql = str(connection.exec_driver_sql(query).scalar())
    found["AUTOINCREMENT of parcels"] = "AUTOINCREMENT" in sql.upper()
    return found


@pytest.fixture
def up(step: Step) -> Callable[[Connection], None]:
    """Return a function that takes the step upwards."""

    def up(connection: Connection) -> None:
        try:
            step(NAME, "upgrade", connection)
        except exc.OperationalError as error:
            if "already exists" not in str(error.orig):
                raise
            raise AssertionError(
                f"In a database that has it already: {error.orig}. Ask "
                f"`sa.inspect(op.get_bind()).has_table(name)` before you create a "
                f"table, with its index."
            ) from None

    return up


# - As revision `r1`, it creates the four tables in an empty database, as lessons 06
def test_an_empty_database(
    database: Engine, up: Callable[[Connection], None], fill: Fill
) -> None:
    """In an empty database it creates the four tables of lessons 06 to 09."""
    from waybill.migrations.versions import r1_baseline

    known = (r1_baseline.revision, r1_baseline.down_revision)
    assert known == ("r1", None), (
        f"revision and down_revision are {known}; it is 'r1', and there is none before."
    )
    engine = create_engine("sqlite://")
    with engine.connect() as old:
        fill(old, rows=False)
        wanted = shape(old)
    engine.dispose()
    with database.connect() as connection:
        up(connection)
        found = shape(connection)
    for what in {**wanted, **found}:
        assert found.get(what) == wanted.get(what), (
            f"{what}: {found.get(what, 'missing')!r}; as lesson 06 or 09 made it: "
            f"{wanted.get(what, 'not there')!r}."
        )


# - A table that is there stays as it is, with its rows. Only what is missing is
def test_what_is_there_stays(
    database: Engine,
    up: Callable[[Connection], None],
    fill: Fill,
    content: Content,
    rows: Rows,
) -> None:
    """Tables that are there stay as they are, with their rows."""
    with database.connect() as connection:
        fill(connection)
        before = shape(connection)
        up(connection)
        found = content(connection)
        changed = {
            name: found.get(name) for name in rows if found.get(name) != rows[name]
        }
        assert not changed, (
            f"The tables were full, and afterwards their rows are {changed}."
        )
        assert shape(connection) == before, "A table that was there has changed."


@pytest.mark.parametrize("missing", ["changes", "scans", "parcels", "accounts"])
def test_what_is_missing_is_created(
    database: Engine,
    up: Callable[[Connection], None],
    fill: Fill,
    content: Content,
    rows: Rows,
    missing: str,
) -> None:
    """One table is missing: it is created, and the rows of the others stay."""
    with database.connect() as connection:
        fill(connection, without=missing)
        up(connection)
        there = inspect(connection).has_table(missing)
        found = content(connection)
    assert there, (
        f"Every table was there but `{missing}`, and it is still missing. A Waybill of "
        f"lesson 06 made no `changes`. Ask for each table by itself."
    )
    assert found == rows | {missing: []}, f"Its other rows are {found}."


# - A table that is there stays as it is, with its rows. Only what is missing is
def test_other_errors_go_on(database: Engine, step: Step) -> None:
    """An error goes on: a disk that is full is no table that is there."""
    full = sqlite3.OperationalError("database or disk is full")

    def strike(*details: object) -> None:
        if str(details[2]).lstrip().startswith("CREATE TABLE"):
            raise exc.OperationalError("CREATE TABLE …", {}, full)

    event.listen(database, "before_cursor_execute", strike)
    with database.connect() as connection:
        try:
            step(NAME, "upgrade", connection)
        except exc.OperationalError:
            return
    raise AssertionError(
        "No table could be created, since the disk was full, and the revision ended "
        "well. Don't catch errors: ask `has_table` first. On PostgreSQL, after a "
        "statement that failed, every other one of the transaction fails, too."
    )


# - A table that is there stays as it is, with its rows. Only what is missing is
def test_postgresql_gets_its_types(sql_of: Callable[..., list[str]]) -> None:
    """On PostgreSQL, ids are BIGSERIAL, and times keep their offset."""
    sql = sql_of(NAME, "upgrade", "postgresql")
    made = " ".join(sql)
    asked = next((one for one in ("sqlite_", "PRAGMA") if one in made), "")
    assert not asked, (
        f"PostgreSQL would be sent {asked}…, which it doesn't know, and the revision "
        "would end there. `sa.inspect(op.get_bind())` asks each database in its words."
    )
    if not made:
        return
    for wanted, why in {
        "id BIGSERIAL": "an id has 63 bits, and is given by the database",
        "created_at TIMESTAMP WITH TIME ZONE": "a time is DateTime(timezone=True)",
        "at TIMESTAMP WITH TIME ZONE": "a time is DateTime(timezone=True)",
        "weight_g BIGINT": "a whole number has 63 bits",
        f"TYPE role AS ENUM {ROLES}": "an account has one of these roles",
        f"TYPE scankind AS ENUM {KINDS}": "a scan is of one of these kinds",
    }.items():
        assert wanted in made, f"For PostgreSQL there is no `{wanted}`: {why}."
    twice = "CREATE TYPE role" in made and "IF NOT EXISTS accounts" in made
    assert not twice, (
        "With `if_not_exists=True`, PostgreSQL leaves a table that is there alone. But "
        "Alembic creates the enum's type `role` before that, a second time: type "
        '"role" already exists. Ask whether the table is there, instead.'
    )


# - The file imports nothing of `waybill`: `tables.py` will change, and the columns
def test_it_needs_nothing_of_waybill(without_waybill: Callable[[str], str]) -> None:
    """The file imports nothing of `waybill`, so it does the same in a year."""
    needed = without_waybill(NAME)
    assert not needed, (
        f"waybill's own modules were taken away, and the revision said: {needed}. "
        f"Write the column types that a database has: sa.DateTime(timezone=True) for a "
        f"`Moment`, sa.Integer() for `Cents`."
    )


# - The way down raises an exception, and drops nothing.
def test_the_way_down_is_refused(
    database: Engine, step: Step, fill: Fill, content: Content, rows: Rows
) -> None:
    """The way down raises an exception, and drops nothing."""
    raised: Exception | None = None
    with database.connect() as connection:
        fill(connection)
        try:
            step(NAME, "downgrade", connection)
        except sqlite3.Error as error:
            raised = error
        except Exception as error:  # noqa: BLE001 - any of them will do
            raised = error
        found = content(connection)
    lost = " and ".join(name for name in rows if found.get(name) != rows[name])
    assert found == rows, (
        f"After the way down, {lost} has lost its rows. Raise an exception before "
        f"anything is dropped."
    )
    assert raised is not None, (
        "The way down ended well, so whoever went there by mistake believes that all "
        "is as it was. Raise an exception that says what to do instead."
    )
