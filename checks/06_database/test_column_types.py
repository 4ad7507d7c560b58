"""Checks of database.column_types: amounts and times, through a real SQLite file."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Integer,
    MetaData,
    Table,
    create_engine,
    insert,
    select,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import ArgumentError, StatementError

RoundTrip = Callable[[datetime | None], datetime | None]
Refusal = Callable[..., object]


def offset(hours: float) -> timezone:
    """Return a zone that is so many hours ahead of UTC."""
    return timezone(timedelta(hours=hours))


AWARE = [
    datetime(2026, 3, 2, 9, tzinfo=offset(1)),
    datetime(2026, 7, 2, 23, 30, 0, 123_456, offset(-5)),
    datetime(2026, 3, 2, 20, 14, tzinfo=UTC),
    datetime(2026, 3, 2, 1, 15, 7, 1, offset(5.75)),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 123_457, UTC),
]
SILENT = type("Silent", (tzinfo,), {"utcoffset": lambda *_: None})()
NAIVE = [datetime(2026, 3, 2, 9, tzinfo=zone) for zone in (None, SILENT)]
"""Times without an offset; the last one has a `tzinfo` that doesn't know it."""
BEYOND = [
    datetime(1, 1, 1, 0, 30, tzinfo=offset(1)),
    datetime(9999, 12, 31, 23, 30, tzinfo=offset(-1)),
]
INTACT = "`Cents` was complete: %reset_kata brings it back."


@pytest.fixture
def ledger() -> Table:
    """A table with a moment and an amount."""
    from waybill.tables import Cents, Moment

    try:
        return Table(
            "ledger",
            MetaData(),
            Column("id", Integer, primary_key=True),
            Column("at", Moment),
            Column("amount", Cents),
        )
    except (ArgumentError, AttributeError, TypeError) as error:
        raise AssertionError(
            f'Column("at", Moment) or Column("amount", Cents) said: {error}. Keep both '
            f"as subclasses of TypeDecorator, with an impl."
        ) from None


@pytest.fixture
def connection(tmp_path: Path, ledger: Table) -> Iterator[Connection]:
    """A connection to a SQLite file with that table."""
    engine = create_engine(f"sqlite:///{tmp_path / 'ledger.db'}")
    try:
        with engine.begin() as connection:
            ledger.create(connection)
            yield connection
    finally:
        engine.dispose()


@pytest.fixture
def round_trip(connection: Connection, ledger: Table) -> RoundTrip:
    """Return a function that stores a time and returns what is read back."""

    def store_and_read(at: datetime | None) -> datetime | None:
        key: Any = connection.execute(insert(ledger).values(at=at)).inserted_primary_key
        return connection.scalar(select(ledger.c.at).where(ledger.c.id == key.id))

    return store_and_read


@pytest.fixture
def refusal(connection: Connection, ledger: Table) -> Refusal:
    """Return a function that tells what a column type raised; nothing if it didn't."""

    def attempt(**values: object) -> object:
        try:
            connection.execute(insert(ledger).values(**values))
        except StatementError as error:  # SQLAlchemy wraps what a column type raises
            return error.orig
        return None

    return attempt


# - A time comes out with an offset, and is the moment that went in,
def test_a_time_comes_back_aware(round_trip: RoundTrip) -> None:
    """A time that goes in with an offset comes out with one."""
    for at in AWARE[:4]:
        read = round_trip(at)
        assert getattr(read, "tzinfo", None), (
            f"{at} went in, and {read} came out: which moment is that? SQLite "
            f"dropped the offset. Put one back in process_result_value."
        )


def test_it_is_the_same_moment(round_trip: RoundTrip, zone: str) -> None:
    """What comes out is the moment that went in, to the microsecond."""
    for at in AWARE:
        read = round_trip(at)
        assert getattr(read, "tzinfo", None), f"{at} went in, and {read!r} came out."
        away = abs(read - at)
        advice = "Keep the microseconds, too."
        if away >= timedelta(seconds=1):
            advice = (
                "Convert to one offset on the way in, and put the same one back on the "
                "way out. replace() on the way in moves the moment, and so does "
                "astimezone() on a time without an offset."
            )
        assert not away, (
            f"On a computer whose own time is {zone}, {at} went in, and {read} came "
            f"out, {away} away. {advice}"
        )


# - The database compares and sorts moments, whatever their offsets were.
def test_the_database_compares_moments(connection: Connection, ledger: Table) -> None:
    """The database compares and sorts moments, whatever their offsets."""
    half_past_nine = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    nine = datetime(2026, 3, 2, 10, tzinfo=offset(1))
    eight = datetime(2026, 3, 2, 3, tzinfo=offset(-5))
    for at in (half_past_nine, nine, eight):
        connection.execute(insert(ledger).values(at=at))
    order = list(connection.scalars(select(ledger.c.id).order_by(ledger.c.at)))
    assert order == [3, 2, 1], (
        f"Stored were (1) {half_past_nine}, (2) {nine} and (3) {eight}. ORDER BY gave "
        f"{order}; by their moments it is [3, 2, 1]. Store all in one offset, in a "
        f"form that sorts."
    )
    same = nine.astimezone(UTC)
    found = connection.scalar(select(ledger.c.id).where(ledger.c.at == same))
    assert found == 2, (
        f"{nine} was stored, and a search for {same}, the same moment, found "
        f"{'nothing' if found is None else f'row {found}'}."
    )


# - PostgreSQL keeps the moment as well:
@pytest.mark.parametrize("at", AWARE[:4])
def test_postgresql_keeps_the_moment(ledger: Table, at: datetime, zone: str) -> None:
    """PostgreSQL gets what its column wants, and what it hands out is that moment."""
    elsewhere = postgresql.dialect()
    kind: Any = ledger.c.at.type.dialect_impl(elsewhere)
    column = kind.impl_instance
    on_the_way_in = kind.bind_processor(elsewhere)
    on_the_way_out = kind.result_processor(elsewhere, None)
    kept = on_the_way_in(at) if on_the_way_in else at
    handed_out = [kept]
    if isinstance(column, DateTime) and column.timezone:
        assert kept.tzinfo, (
            f"{at} was to be stored on PostgreSQL, in a column with timezone=True. "
            f"It was sent {kept!r}: one driver refuses that, the other guesses."
        )
        handed_out = [kept.astimezone(offset(hours)) for hours in (0, 5.75, -5)]
    elif isinstance(column, DateTime):
        assert kept.utcoffset() is None, (
            f"{at} was to be stored on PostgreSQL, in a column without timezone=True. "
            f"It was sent {kept!r}; asyncpg refuses a time with an offset there."
        )
    for one in handed_out:
        read = on_the_way_out(one) if on_the_way_out else one
        assert getattr(read, "tzinfo", None), (
            f"PostgreSQL's driver handed out {one}, and Waybill got {read!r}. Expected "
            f"was a time with an offset."
        )
        assert read == at, (
            f"On a computer whose own time is {zone}, PostgreSQL's driver handed out "
            f"{one}, and process_result_value made {read} of it. replace() moves a "
            f"time that has an offset: label only what has none."
        )


# - A time without an offset (its `utcoffset()` is `None`) is refused with a
# `ValueError` or a `TypeError`, whatever the database.
@pytest.mark.parametrize("naive", NAIVE)
def test_a_naive_time_is_refused(
    ledger: Table, refusal: Refusal, elsewhere: Refusal, naive: datetime, zone: str
) -> None:
    """A time without an offset is refused, not guessed at."""
    says = f"{naive}, whose utcoffset() is None," if naive.tzinfo else f"{naive}"
    outcomes = {"SQLite": refusal(at=naive)}
    outcomes["PostgreSQL"] = elsewhere(ledger.c.at, naive)
    for database, raised in outcomes.items():
        assert raised is not None, (
            f"{says} has no offset, and went to {database} from a computer whose own "
            f"time is {zone}. Nobody knows which moment that is. Ask for utcoffset(), "
            f"whatever the database, and raise ValueError."
        )
        assert isinstance(raised, ValueError | TypeError), (
            f"{says} has no offset. It was refused with {raised!r}, which looks like "
            f"an accident: raise ValueError, and say what is missing."
        )


# - A time that is outside the years 1 to 9999 in UTC is refused
@pytest.mark.parametrize("at", BEYOND)
def test_a_time_that_utc_lacks_is_refused(
    ledger: Table, refusal: Refusal, elsewhere: Refusal, at: datetime
) -> None:
    """A time outside the years 1 to 9999 in UTC is refused with a `ValueError`."""
    outcomes = {"SQLite": refusal(at=at), "PostgreSQL": elsewhere(ledger.c.at, at)}
    for database, raised in outcomes.items():
        assert raised is not None, (
            f"{at} is outside the years that a datetime can have in UTC. It went to "
            f"{database}, and can't be read back as that moment."
        )
        assert isinstance(raised, ValueError), (
            f"{at} was refused with {raised!r}. Callers know that a bad value is a "
            f"ValueError; {type(raised).__name__} would be a 500. Catch what "
            f"astimezone() raises, and raise ValueError instead."
        )


# - `None` goes in as NULL, and comes out as `None`.
def test_none_stays_none(
    connection: Connection,
    ledger: Table,
    round_trip: RoundTrip,
    refusal: Refusal,
) -> None:
    """None goes in as NULL and comes out as None, as an amount too."""
    raised = refusal(id=1, at=None)
    assert not raised, (
        f"None was to be stored as a time, and your code said: {raised}. A column may "
        f"be empty: look at what `Cents` does with None."
    )
    read = round_trip(None)
    assert read is None, f"None went in as a time, and {read!r} came out."
    raised = refusal(id=7, amount=None)
    assert not raised, f"An amount of None was refused with {raised!r}. {INTACT}"
    amount = connection.scalar(select(ledger.c.amount).where(ledger.c.id == 7))
    assert amount is None, f"An amount of None came out as {amount!r}. {INTACT}"


# - `Cents` stays as it is, and `cache_ok` stays `True`.
def test_statements_are_compiled_once(connection: Connection, ledger: Table) -> None:
    """A statement with these types is compiled once: `cache_ok` is True."""
    compiled: dict[object, object] = {}
    for column in (ledger.c.at, ledger.c.amount):
        compiled.clear()
        caching = connection.execution_options(compiled_cache=compiled)
        caching.execute(select(column))
        assert compiled, (
            f"SQLAlchemy would compile {select(column)} anew each time. Leave "
            f"`cache_ok = True` in both types."
        )


# - `Cents` stays as it is, and `cache_ok` stays `True`.
@pytest.mark.parametrize(
    ("euros", "cents"),
    [("19.90", 1990), ("0.01", 1), ("0", 0), ("10000", 1_000_000), ("-0.07", -7)],
)
def test_amounts_stay_exact(
    connection: Connection, ledger: Table, euros: str, cents: int
) -> None:
    """An amount is stored as whole cents, and comes back as the same Decimal."""
    connection.execute(insert(ledger).values(amount=Decimal(euros)))
    stored = connection.scalar(text("SELECT amount FROM ledger"))
    assert (type(stored), stored) == (int, cents), (
        f"{euros} euros are in the file as {stored!r}; {cents} was expected. {INTACT}"
    )
    read = connection.scalar(select(ledger.c.amount))
    assert isinstance(read, Decimal), f"{euros} came back as {read!r}. {INTACT}"
    assert read == Decimal(euros), f"{euros} euros came back as {read}. {INTACT}"


@pytest.mark.parametrize("euros", ["19.999", "0.001", "-0.005"])
def test_no_amount_is_cut_off(refusal: Refusal, euros: str) -> None:
    """An amount with a part of a cent is refused, not cut off."""
    raised = refusal(amount=Decimal(euros))
    assert isinstance(raised, ValueError | ArithmeticError), (
        f"{euros} euros went in. Expected was a ValueError; it was "
        f"{raised or 'stored, and money is gone'}. {INTACT}"
    )
