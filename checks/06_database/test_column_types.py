"""Checks of database.column_types: amounts and times, through a real SQLite file."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Connection,
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

AWARE = [
    datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=1))),
    datetime(2026, 7, 2, 23, 30, 0, 123_456, timezone(timedelta(hours=-5))),
    datetime(2026, 3, 2, 20, 14, tzinfo=UTC),
    datetime(2026, 3, 2, 1, 15, 7, 1, timezone(timedelta(hours=5, minutes=45))),
]


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


@pytest.mark.parametrize(
    ("euros", "cents"), [("19.90", 1990), ("0.01", 1), ("0", 0), ("10000", 1_000_000)]
)
def test_amounts_stay_exact(
    connection: Connection, ledger: Table, euros: str, cents: int
) -> None:
    """An amount is stored as whole cents, and comes back as the same Decimal."""
    connection.execute(insert(ledger).values(amount=Decimal(euros)))
    stored = connection.scalar(text("SELECT amount FROM ledger"))
    assert (type(stored), stored) == (int, cents), (
        f"{euros} euros are in the file as {stored!r}; {cents} was expected. `Cents` "
        f"was complete: %reset_kata brings it back."
    )
    read = connection.scalar(select(ledger.c.amount))
    assert isinstance(read, Decimal), (
        f"{euros} euros came back as {read!r}, not as a Decimal. `Cents` was complete: "
        f"%reset_kata brings it back."
    )
    assert read == Decimal(euros), f"{euros} euros came back as {read}."


@pytest.mark.parametrize("euros", ["19.999", "0.001", "-0.005"])
def test_no_amount_is_cut_off(
    connection: Connection, ledger: Table, euros: str
) -> None:
    """An amount with a part of a cent is refused, not cut off."""
    try:
        connection.execute(insert(ledger).values(amount=Decimal(euros)))
    except StatementError as error:
        refusal = error.orig
    else:
        refusal = None
    read = connection.scalar(select(ledger.c.amount))
    assert isinstance(refusal, ValueError | ArithmeticError), (
        f"{euros} euros went in. Expected was a ValueError; "
        f"{f'it was {refusal!r}' if refusal else f'{read} came out, money is gone'}. "
        f"`Cents` was complete: %reset_kata brings it back."
    )


def test_a_time_comes_back_aware(round_trip: RoundTrip) -> None:
    """A time that goes in with an offset comes out with one."""
    for at in AWARE:
        read = round_trip(at)
        assert isinstance(read, datetime), (
            f"{at} went in, and {read!r} came out. `Moment` is a column of datetimes: "
            f"what process_result_value returns is what Waybill gets."
        )
        assert read.utcoffset() is not None, (
            f"{at} went in, and {read} came out: which moment is that? SQLite dropped "
            f"the offset. Put one back in process_result_value."
        )


def test_it_is_the_same_moment(round_trip: RoundTrip) -> None:
    """What comes out is the moment that went in, to the microsecond."""
    for at in AWARE:
        read = round_trip(at)
        assert isinstance(read, datetime), f"{at} went in, and {read!r} came out."
        assert read.utcoffset() is not None, (
            f"{at} went in, and {read} came out. Without an offset that is no moment."
        )
        away = abs(read - at)
        advice = "Keep the microseconds, too."
        if away >= timedelta(seconds=1):
            advice = (
                "SQLite keeps the clock face only. Go over to one offset on the "
                "way in; relabelling with replace() moves the moment."
            )
        assert not away, f"{at} went in, {read} came out, {away} away. {advice}"


@pytest.mark.parametrize("at", AWARE)
def test_an_offset_is_believed(ledger: Table, at: datetime) -> None:
    """A time that comes out with an offset, as on PostgreSQL, stays that moment."""
    elsewhere = postgresql.dialect()
    kind: Any = ledger.c.at.type
    if not getattr(kind.load_dialect_impl(elsewhere), "timezone", False):
        return  # such a column holds no offset there, either
    on_the_way_out = kind.dialect_impl(elsewhere).result_processor(elsewhere, None)
    read = on_the_way_out(at) if on_the_way_out else at
    assert read == at, (
        f"PostgreSQL's driver hands out {at}, and process_result_value made {read} of "
        f"it. replace() moves a time that has an offset: label only what has none."
    )


def test_the_database_compares_moments(connection: Connection, ledger: Table) -> None:
    """The database compares and sorts moments, whatever their offsets."""
    half_past_nine = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    nine = datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=1)))
    eight = datetime(2026, 3, 2, 3, tzinfo=timezone(timedelta(hours=-5)))
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


@pytest.mark.parametrize("month", [1, 7])
def test_a_naive_time_is_refused(
    connection: Connection, ledger: Table, month: int
) -> None:
    """A time without an offset is refused, not guessed at."""
    naive = datetime(2026, month, 2, 9)  # noqa: DTZ001 - that is the point
    refusal: object = None
    try:
        connection.execute(insert(ledger).values(at=naive))
    except StatementError as error:  # SQLAlchemy wraps what a column type raises
        refusal = error.orig
    stored = connection.scalar(text("SELECT at FROM ledger"))
    assert refusal is not None, (
        f"{naive} has no offset, and was stored as {stored!r}. Nobody knows which "
        f"moment it is, and astimezone() would take the server's own zone. Ask for "
        f"utcoffset(), and raise ValueError."
    )
    assert isinstance(refusal, ValueError | TypeError), (
        f"{naive} has no offset. It was refused with {refusal!r}, which looks like an "
        f"accident: raise ValueError, and say what is missing."
    )


def test_none_stays_none(
    connection: Connection, ledger: Table, round_trip: RoundTrip
) -> None:
    """None goes in as NULL and comes out as None, as an amount too."""
    try:
        read = round_trip(None)
    except (StatementError, AttributeError, TypeError, ValueError) as error:
        reason = getattr(error, "orig", error)
        raise AssertionError(
            f"None was to be stored as a time, and your code said: {reason}. A column "
            f"may be empty: look at what `Cents` does with None."
        ) from None
    assert read is None, f"None went in as a time, and {read!r} came out."
    try:
        connection.execute(insert(ledger).values(id=7, amount=None))
    except StatementError as error:
        raise AssertionError(
            f"None was to be stored as an amount, and the answer was: {error.orig}. "
            f"`Cents` was complete: %reset_kata brings it back."
        ) from None
    query = select(ledger.c.amount).where(ledger.c.id == 7)
    amount = connection.scalar(query)
    assert amount is None, (
        f"An amount of None came out as {amount!r}. `Cents` was complete: %reset_kata "
        f"brings it back."
    )


def test_statements_are_compiled_once(connection: Connection, ledger: Table) -> None:
    """A statement with these types is compiled once: `cache_ok` is True."""
    compiled: dict[object, object] = {}
    for column in (ledger.c.at, ledger.c.amount):
        compiled.clear()
        caching = connection.execution_options(compiled_cache=compiled)
        caching.execute(select(column))
        assert compiled, (
            f"SQLAlchemy did not keep the statement {select(column)}, and would "
            f"compile it anew each time. Leave `cache_ok = True` in both types: with "
            f"the same settings they give the same SQL."
        )
