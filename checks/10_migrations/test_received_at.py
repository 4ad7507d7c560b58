"""Checks of migrations.received_at: a column in a table that is full."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, exc, inspect

NAME = "r2_received_at"
Step = Callable[[str, str, Connection], None]
Fill = Callable[..., None]
Content = Callable[[Connection], dict[str, list[tuple[Any, ...]]]]
Rows = dict[str, list[tuple[Any, ...]]]
NEW = "INSERT INTO scans ({columns}) VALUES ({values})"


@pytest.fixture
def up(step: Step) -> Callable[[Connection], None]:
    """Return a function that takes the step upwards."""

    def up(connection: Connection) -> None:
        try:
            step(NAME, "upgrade", connection)
        except (exc.OperationalError, exc.IntegrityError) as error:
            raise AssertionError(
                f"On a table with rows, SQLite said: {error.orig}. First a column that "
                f"may be empty, then its values, then, in batch mode, the rules."
            ) from None
        connection.commit()

    return up


def column(connection: Connection) -> dict[str, Any] | None:
    """Return what the database says of the column, if it is there."""
    for one in inspect(connection).get_columns("scans"):
        if one["name"] == "received_at":
            return dict(one)
    return None


# - Upwards, `scans` gets `received_at` as `tables.py` has it, with rows in it and
@pytest.mark.parametrize("full", [True, False])
def test_the_column_is_there(
    database: Engine, fill: Fill, up: Callable[[Connection], None], full: bool
) -> None:
    """Upwards, `scans` gets `received_at`, with rows in it and without."""
    with database.connect() as connection:
        fill(connection, rows=full)
        up(connection)
        found = column(connection)
    assert found, "After the way up, scans has no column received_at."
    assert str(found["type"]) in {"DATETIME", "TIMESTAMP"}, (
        f"received_at is of the type {found['type']}; it is a DateTime(timezone=True)."
    )
    assert found["nullable"] is False, (
        f"After the way up{'' if full else ' of empty tables'}, received_at may be "
        f"empty. Once each row has its value, it may not any more: nullable=False."
    )


# - Upwards, `scans` gets `received_at` as `tables.py` has it, with rows in it and
def test_nothing_is_lost(
    database: Engine,
    fill: Fill,
    up: Callable[[Connection], None],
    content: Content,
    rows: Rows,
) -> None:
    """No scan, and nothing else, is lost or changed."""
    with database.connect() as connection:
        fill(connection)
        up(connection)
        found = content(connection)
    for name, wanted in rows.items():
        assert found.get(name) == wanted, (
            f"{name} had the rows {wanted}, and has {found.get(name)} after the way up."
        )


# - Upwards, `scans` gets `received_at` as `tables.py` has it, with rows in it and
def test_it_goes_up_on_postgresql(sql_of: Callable[..., list[str]]) -> None:
    """On PostgreSQL the same steps come in an order that a full table allows."""
    sql = sql_of(NAME, "upgrade", "postgresql")
    if not sql:
        return
    foreign = [one for one in sql if "sqlite_" in one or "PRAGMA" in one]
    assert not foreign, f"PostgreSQL would be sent {foreign[0]!r}, a syntax error."
    added = [one for one in sql if "ADD COLUMN received_at" in one]
    assert added, f"For PostgreSQL, nothing adds the column: {sql}"
    assert "TIMESTAMP WITH TIME ZONE" in added[0], (
        f"On PostgreSQL the column would come as {added[0]!r}: DateTime(timezone=True)."
    )
    assert "NOT NULL" not in added[0] or "DEFAULT" in added[0], (
        f"PostgreSQL is sent {added[0]!r}, and answers that the column contains null "
        f"values."
    )
    strict = [n for n, one in enumerate(sql) if "received_at SET NOT NULL" in one]
    filled = [n for n, one in enumerate(sql) if one.startswith("UPDATE scans")]
    assert not strict or not filled or filled[0] < strict[0], (
        "PostgreSQL would be told that the column may not be empty before it is filled."
    )
    defaults = [one for one in sql if "received_at" in one and "DEFAULT" in one]
    assert any("DEFAULT now()" in one or "DEFAULT CURRENT_T" in one for one in sql), (
        f"On PostgreSQL, the default of received_at would be set by "
        f"{defaults or 'nothing'}. It is the time of the insert, as `sa.func.now()` "
        f"says it."
    )


# - Each scan that is there was received when it was made: its `received_at` is its
def test_old_scans_were_received_when_they_were_made(
    database: Engine, fill: Fill, up: Callable[[Connection], None]
) -> None:
    """An old scan was received when it was made: its `received_at` is its `at`."""
    with database.connect() as connection:
        fill(connection)
        up(connection)
        query = "SELECT id, at, received_at FROM scans ORDER BY id"
        found = [tuple(row) for row in connection.exec_driver_sql(query)]
    for number, at, received_at in found:
        assert received_at == at, (
            f"Scan {number} was made at {at}, and says it was received at "
            f"{received_at}. Set the column to `at`, for every row."
        )


# - For a scan that comes later the database fills in the current time, and no scan
def test_later_scans_are_received_now(
    database: Engine, fill: Fill, up: Callable[[Connection], None]
) -> None:
    """A scan that comes later is received now, unless it says so itself."""
    with database.connect() as connection:
        fill(connection)
        up(connection)
        values = {
            "parcel_id": "7",
            "depot": "'MUC'",
            "kind": "'A'",
            "at": "'2026-05-01'",
        }
        insert = NEW.format(
            columns=", ".join(values), values=", ".join(values.values())
        )
        try:
            connection.exec_driver_sql(insert)
        except exc.IntegrityError as error:
            raise AssertionError(
                f"A scan that doesn't say when it was received: {error.orig}. The "
                f"column needs its server_default."
            ) from None
        fixed = str((column(connection) or {}).get("default"))
        assert not fixed.startswith("'"), (
            f"The default of received_at is {fixed}, the same for every scan. "
            f"`sa.func.now()` lets the database look at its clock."
        )
        assert "localtime" not in fixed.lower(), (
            f"The default of received_at is {fixed}: the time of the machine's own "
            "zone. Moments are kept in UTC, as `sa.func.now()` gives them."
        )
        query = "SELECT received_at FROM scans WHERE depot = 'MUC'"
        said = str(connection.exec_driver_sql(query).scalar_one())
        try:
            received = datetime.fromisoformat(said[:19]).replace(tzinfo=UTC)
        except ValueError:
            raise AssertionError(f"A new scan was received at {said!r}.") from None
        late = abs(received - datetime.now(UTC))
        assert late < timedelta(minutes=5), (
            f"A scan that was stored at {datetime.now(UTC)} says it was received at "
            f"{said}. The default is the database's own time, in UTC."
        )
        with pytest.raises(exc.IntegrityError):
            connection.exec_driver_sql("UPDATE scans SET received_at = NULL")


# - The index `ix_scans_depot_id` is there, and the rules that `scans` had are there,
def test_index_and_rules_are_there(
    database: Engine, fill: Fill, up: Callable[[Connection], None]
) -> None:
    """The index is there, and the rules that `scans` had are kept."""
    with database.connect() as connection:
        fill(connection)
        up(connection)
        look = inspect(connection)
        indexes = {
            one["name"]: one["column_names"] for one in look.get_indexes("scans")
        }
        info = connection.exec_driver_sql("PRAGMA index_info(ix_scans_depot_id)")
        columns = [row[2] for row in info]
        uniques = [one["column_names"] for one in look.get_unique_constraints("scans")]
        keys = [one["referred_table"] for one in look.get_foreign_keys("scans")]
        key = look.get_pk_constraint("scans")["constrained_columns"]
        nullable = {one["name"]: one["nullable"] for one in look.get_columns("scans")}
    assert [*indexes] == ["ix_scans_depot_id"], f"The indexes of scans are {indexes}."
    assert columns == ["depot", "id"], (
        f"ix_scans_depot_id has the columns {columns}; it begins with the depot, and "
        f"goes on with the id."
    )
    assert uniques == [["parcel_id", "depot", "kind", "at"]], (
        f"The unique rules of scans are {uniques or 'gone'}."
    )
    assert keys == ["parcels"], (
        f"The foreign keys of scans lead to {keys or 'nowhere'}."
    )
    assert key == ["id"], f"The key of scans is {key}."
    free = [name for name, may in nullable.items() if may]
    assert free == ["weight_g"], f"Of scans, {free} may be empty."


# - Downwards, the column and the index go, and every scan stays. Then the way up
def test_down_and_up_again(
    database: Engine,
    fill: Fill,
    up: Callable[[Connection], None],
    step: Step,
    content: Content,
    rows: Rows,
) -> None:
    """Downwards column and index go, every row stays, and the way up is open again."""
    with database.connect() as connection:
        fill(connection)
        up(connection)
        for _ in range(2):
            try:
                step(NAME, "downgrade", connection)
            except exc.OperationalError as error:
                raise AssertionError(
                    f"On the way down SQLite said: {error.orig}. First the index goes, "
                    f"then the column, in batch mode."
                ) from None
            connection.commit()
            assert column(connection) is None, "After the way down the column is there."
            look = inspect(connection)
            left = [one["name"] for one in look.get_indexes("scans")]
            assert not left, f"After the way down there is still the index {left}."
            uniques = len(look.get_unique_constraints("scans"))
            assert uniques == 1, "The way down has lost the unique rule of scans."
            assert content(connection) == rows, (
                f"After the way down scans has {content(connection).get('scans')}; "
                f"wanted is {rows['scans']}."
            )
            up(connection)


# - The file imports nothing of `waybill`.
def test_it_needs_nothing_of_waybill(without_waybill: Callable[[str], str]) -> None:
    """The file imports nothing of `waybill`, so it does the same in a year."""
    from waybill.migrations.versions import r2_received_at

    known = (r2_received_at.revision, r2_received_at.down_revision)
    assert known == ("r2", "r1"), f"revision and down_revision are {known}."
    needed = without_waybill(NAME)
    assert not needed, (
        f"waybill's own modules were taken away, and the revision said: {needed}."
    )
