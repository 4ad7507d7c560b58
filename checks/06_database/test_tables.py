"""Checks of database.tables: what the tables keep, and what they refuse."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import exc, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import DeclarativeBase, selectinload

Sessions = async_sessionmaker[AsyncSession]
Store = Callable[..., Awaitable[Any]]
Refuses = Callable[[DeclarativeBase], Awaitable[bool]]

LENA = {"name": "Lena Vogt", "street": "Torstraße 12", "city": "Berlin"}
LENA |= {"postcode": "10119", "country": "DE"}
NINE = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=1)))
USUAL = {
    "Account": {"email": "lena@example.com"},
    "Parcel": {"tracking_code": "WB1", "owner_id": 1, "to": LENA, "weight_g": 750}
    | {"value": Decimal("19.90")},
    "Scan": {"parcel_id": 1, "depot": "BER", "at": NINE, "weight_g": 750},
}


def row(table: str, **columns: object) -> DeclarativeBase:
    """Return a row of one of Waybill's tables that is not stored yet."""
    from waybill import tables

    kind = {"kind": tables.ScanKind.ARRIVED} if table == "Scan" else {}
    try:
        return getattr(tables, table)(**USUAL[table] | kind | columns)
    except TypeError as error:
        said = f"{table}(…) said: {str(error).rstrip('.')}. Is each column declared?"
        raise AssertionError(said) from None


account, parcel, scan = (partial(row, table) for table in USUAL)


# - `Account`, `Role`, `Base`, `now`, `created_at`, `sqlite_autoincrement`
async def test_an_account_is_one_address(store: Store, refuses: Refuses) -> None:
    """An address has one account; a new account is an active sender."""
    from waybill.tables import Role

    lena = await store(account())
    found = (lena.role, lena.active, await refuses(account()), " ".join(Role))
    assert found == (Role.SENDER, True, True, "sender courier dispatcher"), (
        f"A new account has the role {found[0]!r}, active is {found[1]}, and a second "
        f"one with its address was {'refused' if found[2] else 'stored'}. Roles: "
        f"{found[3]}. `Account` and `Role` were complete: %reset_kata brings them back."
    )


# - `ParcelRead.model_validate(row)` (lesson 02) reads a stored parcel, unchanged,
async def test_a_parcel_can_be_read(store: Store) -> None:
    """`ParcelRead.model_validate(row)` reads a stored parcel, unchanged."""
    from waybill.schemas import Address, ParcelRead

    await store(account())
    for code, euros in (("WB1", "19.90"), ("WB2", "0.07"), ("WB3", "9999.99")):
        kept = await store(
            parcel(tracking_code=code, value=Decimal(euros), created_at=NINE)
        )
        try:
            read = ParcelRead.model_validate(kept)
        except ValidationError as error:
            first = error.errors()[0]
            raise AssertionError(
                f"A stored parcel can't be read: `{first['loc'][0]}` came back from "
                f"the database as {first['input']!r} ({first['msg']}). Look at the "
                f"type of its column."
            ) from None
        came_back = (read.tracking_code, read.to, read.weight_g, str(read.value))
        assert came_back == (code, Address(**LENA), 750, euros), (
            f"Parcel {code} to Lena, 750 g, worth {euros}, came back as {came_back}."
        )


async def test_a_scan_can_be_read(store: Store) -> None:
    """A scan keeps its depot, kind, moment and weight; the weight may be None."""
    from waybill.schemas import ScanKind

    await store(account(), parcel())
    for kind, weight_g in ((ScanKind.PICKED_UP, 750), (ScanKind.DELIVERED, None)):
        kept = await store(scan(kind=kind, weight_g=weight_g))
        assert kept.at.tzinfo, (
            f"`at` went in as {NINE} and came back as {kept.at}. Give it the type "
            f"`Moment`."
        )
        came_back = (kept.depot, repr(kept.kind), kept.at, kept.weight_g)
        assert came_back == ("BER", repr(kind), NINE, weight_g), (
            f"A scan at BER, {kind!r}, {NINE}, {weight_g} g came back as {came_back}."
        )


# - The value is stored as a whole number of cents:
async def test_values_are_kept_as_cents(store: Store, sessions: Sessions) -> None:
    """The value is stored as a whole number of cents."""
    await store(account(), parcel())
    async with sessions() as session:
        stored = await session.scalar(text("SELECT value FROM parcels"))
    assert stored == 1990, f"19.90 is in the file as {stored!r}. Use the type `Cents`."


# - `Account`, `Role`, `Base`, `now`, `created_at`, `sqlite_autoincrement`
async def test_a_parcel_knows_when_it_came(store: Store) -> None:
    """A parcel's `created_at` is now, by default, and worked out for each parcel."""
    from waybill.tables import Parcel

    await store(account())
    column = Parcel.__table__.c.created_at
    fixed = column.default is not None and not column.default.is_callable
    fixed = fixed or isinstance(getattr(column.server_default, "arg", None), str)
    assert not fixed, (
        "The default of `created_at` is one fixed time, worked out at import. Give the "
        "function itself, without brackets: it is called for each row."
    )
    before = datetime.now(UTC).replace(microsecond=0)
    created_at = (await store(parcel())).created_at
    assert created_at.tzinfo, f"`created_at` is {created_at}. Use the type `Moment`."
    assert before <= created_at <= datetime.now(UTC), (
        f"A parcel came at {before}, and says {created_at}: which clock is that?"
    )


async def test_an_id_is_given_once(store: Store, sessions: Sessions) -> None:
    """No parcel ever gets the id of another one, even of one that was deleted."""
    await store(account())
    gone = (await store(parcel())).id
    async with sessions.begin() as session:
        await session.execute(text("DELETE FROM parcels"))
    assert (await store(parcel())).id > gone, (
        f"Parcel {gone} was deleted, and the next one got its id: who follows the old "
        "one sees a stranger's. Bring `sqlite_autoincrement` back, as the last item."
    )


# - No two parcels have the same tracking code, whoever writes.
async def test_a_code_is_one_parcels(store: Store, sessions: Sessions) -> None:
    """No two parcels have the same tracking code, whoever writes."""
    await store(account())
    by_hand = (
        'INSERT OR IGNORE INTO parcels (tracking_code, owner_id, "to", weight_g, value,'
        " created_at) VALUES ('WB7', 1, '{}', 750, 1990, '2026-03-02 09:00:00')"
    )
    try:
        async with sessions.begin() as session:
            await session.execute(text(by_hand), [{}, {}])  # twice
            number = await session.scalar(text("SELECT count(*) FROM parcels"))
    except exc.OperationalError as error:
        raise AssertionError(f"A parcel could not be stored: {error.orig}.") from None
    assert number == 1, (
        f"A parcel with the code WB7 was sent twice, and stored {number} times. Is "
        f"`tracking_code` unique?"
    )


# - A parcel of an unknown account is refused,
async def test_nothing_belongs_to_nobody(store: Store, refuses: Refuses) -> None:
    """A parcel of an unknown account, and a scan of an unknown parcel, are refused."""
    await store(account(), parcel())
    for orphan, column in (
        (parcel(owner_id=404, tracking_code="WB2"), "owner_id"),
        (scan(parcel_id=404), "parcel_id"),
    ):
        assert await refuses(orphan), (
            f"{type(orphan).__name__}({column}=404, …) was stored, and there is no "
            f"404. Say with a ForeignKey whose id `{column}` is."
        )


# - The same parcel, depot, kind and moment make one scan.
async def test_a_scan_is_kept_once(store: Store, refuses: Refuses) -> None:
    """The same parcel, depot, kind and moment make one scan, whatever the offset."""
    await store(account(), parcel(), scan())
    assert await refuses(scan(at=NINE.astimezone(UTC), weight_g=751)), (
        "A scanner sent a scan twice, and both were stored (the second told its time "
        "in UTC). A UniqueConstraint over the four columns refuses it."
    )


@pytest.mark.parametrize("differs", ["parcel_id", "depot", "kind", "at"])
async def test_another_scan_is_another(
    store: Store, refuses: Refuses, differs: str
) -> None:
    """Scans that differ in one of the four are both kept."""
    from waybill.schemas import ScanKind

    later = NINE + timedelta(seconds=1)
    others = {"parcel_id": 2, "depot": "HAM", "kind": ScanKind.DEPARTED, "at": later}
    await store(account(), parcel(), parcel(tracking_code="WB2"), scan())
    assert not await refuses(scan(**{differs: others[differs]})), (
        f"A scan that differs in `{differs}` was refused. Only all four together are "
        f"unique: one constraint over four columns."
    )


# - Only a scan's `weight_g` may be `None`.
def test_only_a_scans_weight_may_be_missing() -> None:
    """Only the weight of a scan may be None, in accounts, parcels and scans."""
    from waybill.tables import Account, Parcel, Scan

    columns = [column for one in (Account, Parcel, Scan) for column in one.__table__.c]
    may = [str(column) for column in columns if column.nullable]
    assert may == ["scans.weight_g"], (
        f"These columns may be None: {', '.join(may) or 'none at all'}. Only a scan's "
        f"weight_g may. Mapped[int] is never None, Mapped[int | None] may be."
    )


# - `parcel.scans` holds the parcel's own scans,
async def test_scans_come_in_order(store: Store, sessions: Sessions) -> None:
    """`parcel.scans` holds the parcel's own scans, by id."""
    from waybill.tables import Parcel

    await store(account(), parcel(), parcel(tracking_code="WB2"))
    for hours, depot in ((0, "MUC"), (-2, "BER"), (-1, "HAM")):
        at = NINE + timedelta(hours=hours)
        await store(scan(depot=depot, at=at), scan(parcel_id=2, depot=depot, at=at))
    assert hasattr(Parcel, "scans"), "Declare `scans` in Parcel, as a relationship."
    query = select(Parcel).where(Parcel.id == 1).options(selectinload(Parcel.scans))
    async with sessions() as session:
        scans = (await session.scalars(query)).one().scans
    assert isinstance(scans, list), (
        f"`parcel.scans` holds one {type(scans).__name__}, and a parcel has many. "
        f'Write Mapped[list["Scan"]]: without `list` a relationship is a single row.'
    )
    came = [(one.parcel_id, one.depot) for one in scans]
    assert came == [(1, "MUC"), (1, "BER"), (1, "HAM")], (
        f"The scans of parcel 1 got their ids in MUC, BER and HAM, in this order. "
        f"`scans` holds {came}. A relationship takes an order_by."
    )


async def test_scans_do_not_load_themselves(store: Store, sessions: Sessions) -> None:
    """Scans that nobody loaded are refused by name, as `lazy="raise"` does."""
    from waybill.tables import Parcel

    await store(account(), parcel(), scan())
    async with sessions() as session:
        kept = await session.get(Parcel, 1)
        try:
            scans = kept.scans
        except (exc.StatementError, exc.MissingGreenlet):
            raise AssertionError(
                "`parcel.scans` tried to load itself and ended in MissingGreenlet: "
                "async code can't wait inside an attribute. Give the relationship a "
                "`lazy` that says so in plain words."
            ) from None
        except exc.InvalidRequestError:
            return
    raise AssertionError(
        f"Nobody asked for `parcel.scans`, and it held {len(scans)} scan: every query "
        f"for parcels loads them. Let it raise; a query says what it needs."
    )


# - The parcels of one owner are found through an index.
async def test_an_owners_parcels_have_an_index(sessions: Sessions) -> None:
    """The parcels of one owner are found through an index."""
    query = "EXPLAIN QUERY PLAN SELECT * FROM parcels WHERE owner_id = 1"
    async with sessions() as session:
        steps = "; ".join([step.detail for step in await session.execute(text(query))])
    assert "SEARCH" in steps, (
        f"For one owner's parcels SQLite would do this: {steps}. Set index=True."
    )


# - `Account`, `Role`, `Base`, `now`, `created_at`, `sqlite_autoincrement`
def test_postgresql_has_room() -> None:
    """On PostgreSQL, every id and every reference to one has 63 bits."""
    from waybill.tables import Account, Parcel, Scan

    columns = [column for one in (Account, Parcel, Scan) for column in one.__table__.c]
    for column in columns:
        if column.primary_key or column.foreign_keys:
            kind = column.type.compile(postgresql.dialect())
            assert kind == "BIGINT", (
                f"On PostgreSQL, the type of {column} is {kind}; it should be BIGINT, "
                f"since the API takes ids up to 2**63 - 1. `Base` has a map for that; "
                f"a type in mapped_column comes before it."
            )


def test_texts_have_a_length() -> None:
    """E-mail, tracking code and depot have a length: 320, 20 and 3."""
    from waybill.tables import Account, Parcel, Scan

    texts = (Account.email, 320), (Parcel.tracking_code, 20), (Scan.depot, 3)
    for column, length in texts:
        assert column.type.length == length, (
            f"{column} has the length {column.type.length}; {length} was agreed. Say "
            f"it with String(…). SQLite does not look, PostgreSQL does."
        )
