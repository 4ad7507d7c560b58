"""Checks of migrations.autoincrement: an id is given once, in old files too."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, inspect

NAME = "r3_autoincrement"
Step = Callable[[str, str, Connection], None]
Fill = Callable[..., None]
Content = Callable[[Connection], dict[str, list[tuple[Any, ...]]]]
Rows = dict[str, list[tuple[Any, ...]]]
MADE = "SELECT sql FROM sqlite_master WHERE name = 'parcels'"
NEXT = (
    'INSERT INTO parcels (tracking_code, owner_id, "to", weight_g, value, created_at)'
    " VALUES ('WB{0}', 3, '{{}}', 1, 1, '2026-03-05') RETURNING id"
)


@pytest.fixture
def old(database: Engine, tables: dict[str, str]) -> Engine:
    """A database of the first days, with rows, whose parcels have no AUTOINCREMENT."""
    tables["parcels"] = tables["parcels"].replace(" PRIMARY KEY AUTOINCREMENT", "")
    tables["parcels"] += ", PRIMARY KEY (id)"
    columns, _, rules = tables["parcels"].partition(", UNIQUE")
    assert rules
    tables["parcels"] = f"{columns}, UNIQUE{rules}"
    return database


# - On SQLite, `parcels` gets `AUTOINCREMENT`. All rows stay, also of the tables that
def test_no_id_is_given_twice(old: Engine, fill: Fill, step: Step) -> None:
    """After the way up, the id of a parcel that is gone is not given again."""
    from waybill.migrations.versions import r3_autoincrement

    known = (r3_autoincrement.revision, r3_autoincrement.down_revision)
    assert known == ("r3", "r2"), f"revision and down_revision are {known}."
    with old.connect() as connection:
        fill(connection)
        step(NAME, "upgrade", connection)
        has_it = "AUTOINCREMENT" in str(connection.exec_driver_sql(MADE).scalar())
        given = []
        for number in (21, 22):
            insert = NEXT.format(number)
            given.append(connection.exec_driver_sql(insert).scalar_one())
            connection.exec_driver_sql(f"DELETE FROM parcels WHERE id = {given[-1]}")
    assert given == [9, 10], (
        f"Two parcels were handed in, and the first was withdrawn before the second. "
        f"They got the ids {given}; wanted is [9, 10]. In parcels "
        f"there is {'an' if has_it else 'no'} AUTOINCREMENT."
    )


# - On SQLite, `parcels` gets `AUTOINCREMENT`. All rows stay, also of the tables that
def test_rows_and_rules_stay(
    old: Engine, fill: Fill, step: Step, content: Content, rows: Rows
) -> None:
    """All rows stay, those that point at a parcel too, and so do rules and index."""
    with old.connect() as connection:
        fill(connection)
        step(NAME, "upgrade", connection)
        found = content(connection)
        look = inspect(connection)
        indexes = {
            one["name"]: one["column_names"] for one in look.get_indexes("parcels")
        }
        uniques = [
            one["column_names"] for one in look.get_unique_constraints("parcels")
        ]
        to = [one["referred_table"] for one in look.get_foreign_keys("parcels")]
        at = [one["referred_table"] for one in look.get_foreign_keys("scans")]
        empty = [one["name"] for one in look.get_columns("parcels") if one["nullable"]]
    assert found == rows, f"The rows were {rows}, and are {found}."
    assert indexes == {"ix_parcels_owner_id": ["owner_id"]}, f"Indexes: {indexes}."
    assert uniques == [["tracking_code"]], f"The unique rules of parcels are {uniques}."
    assert (to, at) == (["accounts"], ["parcels"]), (
        f"The foreign keys of parcels lead to {to}, those of scans to {at}."
    )
    assert not empty, f"Of parcels, {empty} may be empty now."


# - On SQLite, `parcels` gets `AUTOINCREMENT`. All rows stay, also of the tables that
@pytest.mark.parametrize("other", ["labels", "old_parcels", "parcels_"])
def test_another_table_says_nothing(
    old: Engine, fill: Fill, step: Step, other: str
) -> None:
    """It counts how `parcels` was made, whatever other tables have."""
    with old.connect() as connection:
        fill(connection)
        made = f"CREATE TABLE {other} (id INTEGER PRIMARY KEY AUTOINCREMENT)"
        connection.exec_driver_sql(made)
        connection.commit()
        step(NAME, "upgrade", connection)
        made = str(connection.exec_driver_sql(MADE).scalar())
    assert "AUTOINCREMENT" in made, (
        f"A table {other} has AUTOINCREMENT, parcels has none, and stayed as it was: "
        f"{made}. Ask `sqlite_master` for the table with this name."
    )


# - A table that has it stays as it is: rebuilt, it would forget which ids were given
@pytest.mark.parametrize("spelled", ["AUTOINCREMENT", "autoincrement"])
def test_a_newer_table_stays(
    database: Engine,
    tables: dict[str, str],
    fill: Fill,
    step: Step,
    content: Content,
    rows: Rows,
    spelled: str,
) -> None:
    """A table that has AUTOINCREMENT stays, and goes on counting where it was."""
    tables["parcels"] = tables["parcels"].replace("AUTOINCREMENT", spelled)
    with database.connect() as connection:
        fill(connection)
        connection.exec_driver_sql(NEXT.format(20))
        connection.exec_driver_sql("DELETE FROM parcels WHERE tracking_code = 'WB20'")
        made = connection.exec_driver_sql(MADE).scalar()
        step(NAME, "upgrade", connection)
        given = connection.exec_driver_sql(NEXT.format(21)).scalar_one()
        again = connection.exec_driver_sql(MADE).scalar()
        connection.rollback()
        found = content(connection)
    assert given == 10, (
        f"The table had AUTOINCREMENT, and parcel 9 was withdrawn. The next one got "
        f"the id {given}; wanted is 10. A table that is made anew counts from the "
        f"highest id that is left. Ask `sqlite_master` how it was made, and leave it."
    )
    assert again == made, "The table was made anew, although it had AUTOINCREMENT."
    assert found == rows


# - If there is an orphan afterwards, the revision raises an exception.
@pytest.mark.parametrize("table", ["scans", "changes"])
def test_an_orphan_is_an_error(old: Engine, fill: Fill, step: Step, table: str) -> None:
    """A row that points at no parcel ends the revision with an exception."""
    raised = False
    with old.connect() as connection:
        fill(connection)
        connection.exec_driver_sql(f"UPDATE {table} SET parcel_id = 404")
        connection.commit()
        try:
            step(NAME, "upgrade", connection)
        except Exception:  # noqa: BLE001 - any of them will do
            raised = True
    assert raised, (
        f"Rows of {table} point at parcel 404, which isn't there, and the revision "
        f"ended well. While foreign keys are off, nobody looks but you: `PRAGMA "
        f"foreign_key_check`, of all tables."
    )


# - On another database it does nothing: PostgreSQL never gives an id twice.
@pytest.mark.parametrize("dialect", ["postgresql", "mysql"])
def test_other_databases_are_left_alone(step: Step, dialect: str) -> None:
    """On PostgreSQL, and on any database but SQLite, it does nothing."""
    sent: list[str] = []
    engine = create_engine("sqlite://")
    engine.dialect.name = dialect

    @event.listens_for(engine, "before_cursor_execute")
    def note(*details: Any) -> None:  # noqa: ANN401
        sent.append(details[2])

    with engine.connect() as connection:
        try:
            step(NAME, "upgrade", connection)
        except Exception as error:  # noqa: BLE001 - whatever it is, it was not left alone
            sent.append(type(error).__name__)
        step(NAME, "downgrade", connection)
    engine.dispose()
    assert not sent, (
        f"On {dialect} the revision did something: {sent}. Ask for the dialect's name "
        f"first, and return."
    )


# - Downwards nothing happens, as no Waybill is worse off with it.
def test_downwards_nothing_happens(
    old: Engine, fill: Fill, step: Step, content: Content, rows: Rows
) -> None:
    """Downwards nothing happens, and the way up is open again."""
    with old.connect() as connection:
        fill(connection)
        step(NAME, "upgrade", connection)
        made = connection.exec_driver_sql(MADE).scalar()
        step(NAME, "downgrade", connection)
        again = connection.exec_driver_sql(MADE).scalar()
        step(NAME, "upgrade", connection)
        found = content(connection)
    assert again == made, f"On the way down, parcels became {again}."
    assert found == rows, f"Afterwards there is {found}."
