"""Checks of performance.index: what a database does with it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, create_engine, inspect, select, text
from sqlalchemy.dialects import sqlite

NAME = "ix_scans_depot_at"
BEFORE = {
    "parcels": {("owner_id",)},
    "scans": {("depot", "id")},
    "assignments": {("courier_id",)},
    "families": {("account_id",), ("expires_at",)},
    "jobs": {("state", "run_at", "id")},
    "accounts": set(),
    "changes": set(),
}
"""The indexes of tables before this lesson, by their columns."""


@pytest.fixture
def database() -> Iterator[Connection]:
    """A connection to a database with Waybill's tables."""
    from waybill.tables import Base

    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        Base.metadata.create_all(connection)
        yield connection
    engine.dispose()


def indexes(database: Connection, table: str) -> dict[str, tuple[str, ...]]:
    """Return the indexes of a table."""
    return {
        str(one["name"]): tuple(str(name) for name in one["column_names"])
        for one in inspect(database).get_indexes(table)
    }


def plan(database: Connection, depot: str) -> str:
    """Return how SQLite looks for a day's scans of a depot."""
    from waybill.tables import Scan

    first = datetime(2026, 3, 2, tzinfo=UTC)
    asked = select(Scan.kind, Scan.weight_g).where(
        Scan.depot == depot, Scan.at >= first, Scan.at < first.replace(day=3)
    )
    dialect = sqlite.dialect()
    sql = asked.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return "; ".join(
        row.detail for row in database.execute(text(f"EXPLAIN QUERY PLAN {sql}"))
    )


# - The scans of one depot between two moments are found by both, in one piece of the
# index.
@pytest.mark.parametrize("depot", ["HAM", "BER"])
def test_it_finds_them_by_both(database: Connection, depot: str) -> None:
    """The scans of a depot between two moments are found by both, in one piece."""
    found = plan(database, depot)
    assert "depot=? AND at>? AND at<?" in found, (
        f"For the scans of {depot} between two moments, the plan is: {found}. In the "
        "brackets should be (depot=? AND at>? AND at<?): what has to be equal comes "
        "first in the index, and the range after it."
    )


# - Its name is `ix_scans_depot_at`, and the indexes that are there stay.
def test_it_has_its_name(database: Connection) -> None:
    """Its name is `ix_scans_depot_at`, and it begins with the depot and the moment."""
    there = indexes(database, "scans")
    assert NAME in there, (
        f"`scans` has the indexes {sorted(there)}; one should be {NAME}. The revision "
        "of the next kata calls it so."
    )
    assert there[NAME][:2] == ("depot", "at"), (
        f"{NAME} is on {there[NAME]}; it should begin with depot, then at."
    )
    unique = [one for one in inspect(database).get_indexes("scans") if one["unique"]]
    assert not any(one["name"] == NAME for one in unique), (
        f"{NAME} is unique: a depot can scan only one parcel at a time."
    )


def test_the_others_stay(database: Connection) -> None:
    """The indexes that were there stay."""
    for table, before in BEFORE.items():
        if not inspect(database).has_table(table):
            continue
        missing = before - {*indexes(database, table).values()}
        assert not missing, f"`{table}` has lost its index on {missing.pop()}."


# - No other table gets one, and `scans` gets no second one: each makes every write
# slower.
def test_there_is_one_more() -> None:
    """There is one index more, and not two."""
    from waybill.tables import Base

    for table in ("parcels", "scans", "assignments", "accounts", "changes"):
        found = {
            str(one.name): [column.name for column in one.columns]
            for one in Base.metadata.tables[table].indexes
        }
        more = [
            name
            for name, columns in found.items()
            if tuple(columns) not in BEFORE[table] and name != NAME
        ]
        assert not more, (
            f"`{table}` has an index {more[0]} on {found[more[0]]} as well. Each index "
            "makes every write slower, and nobody asks for this one."
        )
