"""Checks of migrations.tables: names, a column and an index."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import (
    Column,
    Engine,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    UniqueConstraint,
    create_engine,
    exc,
    inspect,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateIndex, CreateTable

if TYPE_CHECKING:
    from sqlalchemy import MetaData

SCAN = (
    "INSERT INTO scans (parcel_id, depot, kind, at) VALUES (1, '{0}', 'ARRIVED', {1})"
)


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this computer's own time be far from UTC; on Windows it stays as it is."""
    monkeypatch.setenv("TZ", "ODD-05:45")
    set_it = getattr(time, "tzset", bool)
    set_it()
    yield
    monkeypatch.undo()
    set_it()


@pytest.fixture
def metadata() -> "MetaData":
    """What tables there should be."""
    from waybill.tables import Base

    return Base.metadata


@pytest.fixture
def engine(metadata: "MetaData") -> Iterator[Engine]:
    """An engine on a database in memory, with Waybill's tables and a parcel."""
    from waybill.tables import Account, Parcel

    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Account(email="lena@example.com"))
        session.flush()
        parcel = Parcel(tracking_code="WB1", owner_id=1, to={}, weight_g=1, value=1)
        session.add(parcel)
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture
def depots(metadata: "MetaData") -> Iterator[Table]:
    """A table that is declared after the learner's cell."""
    table = Table(
        "depots",
        metadata,
        Column("id", Integer(), primary_key=True),
        Column("city", String(40), index=True),
        Column("name", String(40), unique=True),
        Column("manager_id", ForeignKey("accounts.id")),
        Column("parcel_id", Integer()),
        Column("number", Integer()),
        UniqueConstraint("city", "name"),
        ForeignKeyConstraint(
            ["parcel_id", "number"], ["changes.parcel_id", "changes.number"]
        ),
    )
    yield table
    metadata.remove(table)


# - Tables that are declared from here on name their constraints as PostgreSQL does:
@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("the primary key", "CONSTRAINT depots_pkey PRIMARY KEY (id)"),
        ("a unique column", "CONSTRAINT depots_name_key UNIQUE (name)"),
        (
            "a unique rule for two columns",
            "CONSTRAINT depots_city_name_key UNIQUE (city, name)",
        ),
        (
            "a foreign key",
            "CONSTRAINT depots_manager_id_fkey FOREIGN KEY(manager_id) REFERENCES",
        ),
        (
            "a foreign key of two columns",
            "CONSTRAINT depots_parcel_id_number_fkey FOREIGN KEY(parcel_id, number)",
        ),
    ],
)
def test_constraints_have_names(depots: Table, what: str, name: str) -> None:
    """Constraints of tables to come are named as PostgreSQL names them."""
    made = " ".join(str(CreateTable(depots)).split())
    lines = [line.strip() for line in made.strip(" )").split(", ")]
    kind = name.split()[2]
    like = [line for line in lines if kind in line]
    assert name in made, (
        f"A table `depots` was declared after your cell. Of {what}, its CREATE TABLE "
        f"should say {name!r}; it has {like}. `Base.metadata."
        f"naming_convention` has a pattern for each kind."
    )


# - Tables that are declared from here on name their constraints as PostgreSQL does:
def test_indexes_keep_their_names(depots: Table, metadata: "MetaData") -> None:
    """Indexes keep the names that SQLAlchemy gives."""
    names = {str(index.name) for index in depots.indexes}
    assert names == {"ix_depots_city"}, (
        f"The index of depots.city is called {names}; wanted is ix_depots_city. Leave "
        f'the pattern "ix" as it was.'
    )
    old = {str(index.name) for index in metadata.tables["parcels"].indexes}
    assert "ix_parcels_owner_id" in old, f"The indexes of parcels are called {old}."


# - The table `scans` has a column `received_at`, of the type `Moment`, which is never
@pytest.mark.usefixtures("zone")
def test_the_database_says_when(engine: Engine) -> None:
    """Where nobody says when a scan was received, the database takes its time."""
    from waybill.tables import Base, Scan, ScanKind

    scans = Base.metadata.tables["scans"]
    assert "received_at" in scans.c, (
        f"The columns of scans are {[*scans.c.keys()]}. `Base.metadata.tables"
        f'["scans"].append_column(…)` adds one.'
    )
    before = datetime.now(UTC) - timedelta(seconds=5)
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    with Session(engine) as session:
        try:
            session.add(
                Scan(parcel_id=1, depot="BER", kind=ScanKind.ARRIVED, at=moment)
            )
            session.flush()
            connection = session.connection()
            connection.exec_driver_sql(SCAN.format("HAM", "'2026-03-01 09:30:00'"))
        except exc.IntegrityError as error:
            raise AssertionError(
                f"A scan was stored without saying when it was received: {error.orig}. "
                f"The database needs a default of its own: server_default."
            ) from None
        found = session.scalars(select(scans.c.received_at)).all()
    with engine.connect() as connection:
        columns = inspect(connection).get_columns("scans")
    [fixed] = [str(one["default"]) for one in columns if one["name"] == "received_at"]
    assert not fixed.startswith("'"), (
        f"The default of received_at is {fixed}, the same for every scan: it was "
        f"computed once, in Python. `func.now()` lets the database look at its clock."
    )
    for one in found:
        assert isinstance(one, datetime), f"received_at is {one!r}, and no datetime."
        assert one.tzinfo, f"received_at is {one!r}: its type is Moment."
        assert before <= one <= datetime.now(UTC) + timedelta(seconds=5), (
            f"A scan that was stored at this moment, {datetime.now(UTC)}, says it was "
            f"received at {one}."
        )


# - The table `scans` has a column `received_at`, of the type `Moment`, which is never
def test_it_is_never_empty(engine: Engine) -> None:
    """It is never empty, and has an offset on PostgreSQL."""
    with engine.connect() as connection:
        columns = inspect(connection).get_columns("scans")
    known = {column["name"]: column["nullable"] for column in columns}
    assert known.get("received_at") is False, (
        f"The columns of scans, and whether they may be empty: {known}. received_at "
        f"may not be: nullable=False."
    )
    from waybill.tables import Base

    table = CreateTable(Base.metadata.tables["scans"])
    sql = " ".join(str(table.compile(dialect=postgresql.dialect())).split())
    line = sql.partition("received_at")[2].partition(",")[0].strip()
    assert line.startswith("TIMESTAMP WITH TIME ZONE"), (
        f"On PostgreSQL, received_at would be `{line}`. Its type is Moment."
    )
    theirs = re.search(r"\b(datetime|date|time|strftime|julianday|unixepoch)\(", line)
    assert not theirs, (
        f"On PostgreSQL, received_at would be `{line}`. Only SQLite has such a "
        f"function; `func.now()` is written as each database spells it."
    )


# - An index `ix_scans_depot_id` finds the scans of one depot in the order of their
def test_a_depots_scans_are_found(engine: Engine) -> None:
    """The index finds the newest scans of a depot, without sorting."""
    query = (
        "SELECT * FROM scans WHERE depot = 'BER' AND id < 99 ORDER BY id DESC LIMIT 9"
    )
    with engine.connect() as connection:
        indexes = [one["name"] for one in inspect(connection).get_indexes("scans")]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all()
    said = "; ".join(str(row[-1]) for row in plan)
    assert "ix_scans_depot_id" in indexes, f"The indexes of scans are {indexes}."
    assert "USING INDEX ix_scans_depot_id (depot=? AND id<?)" in said, (
        f"To find a depot's newest scans, the database would: {said}. An index on the "
        f"depot and then the id takes it there at once."
    )
    assert "TEMP B-TREE" not in said, f"It would have to sort: {said}."
    from waybill.tables import Base

    there = {one.name: one for one in Base.metadata.tables["scans"].indexes}
    index = there["ix_scans_depot_id"]  # later lessons have others
    made = str(CreateIndex(index).compile(dialect=postgresql.dialect()))
    assert "UNIQUE" not in made, f"{made} forbids what is right."


OLD = {
    "accounts": ["id", "email", "role", "active"],
    "parcels": [
        *("id", "tracking_code", "owner_id", "to", "weight_g", "value", "created_at"),
    ],
    "scans": ["id", "parcel_id", "depot", "kind", "at", "weight_g"],
    "changes": ["parcel_id", "number", "account_id", "at"],
}


# - The classes above your cell stay unchanged.
@pytest.mark.parametrize("name", OLD)
def test_what_stands_there_stays(metadata: "MetaData", name: str) -> None:
    """The other columns, and the rules of the tables above, stay as they are."""
    columns = [one for one in metadata.tables[name].c.keys() if one != "received_at"]  # noqa: SIM118
    assert columns == OLD[name], f"The columns of {name} are {columns}."
    table = CreateTable(metadata.tables[name])
    sql = str(table.compile(dialect=postgresql.dialect()))
    uniques = sql.count("UNIQUE")
    wanted = {"accounts": 1, "parcels": 1, "scans": 1, "changes": 0}[name]
    assert uniques == wanted, f"{name} has {uniques} unique rules: {sql}"
