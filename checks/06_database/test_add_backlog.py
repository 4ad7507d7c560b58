"""Checks of database.add_backlog: many scans, each on its own."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

if TYPE_CHECKING:
    from waybill.schemas import ScanCreate

Sessions = async_sessionmaker[AsyncSession]
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("parcels")


@pytest.fixture
async def parcels(store: Callable[..., Awaitable[Any]]) -> None:
    """Two stored parcels, 1 and 2."""
    from waybill.tables import Account, Parcel

    usual: dict[str, Any] = {"to": {}, "weight_g": 750, "value": Decimal("19.90")}
    account = await store(Account(email="lena@example.com"))
    for code in ("WB1", "WB2"):
        await store(Parcel(owner_id=account.id, tracking_code=code, **usual))


def scan(parcel_id: int, minute: int, **details: Any) -> tuple[int, "ScanCreate"]:  # noqa: ANN401
    """Return a scan of a backlog, with the id of its parcel."""
    from waybill.schemas import ScanCreate

    usual = {"depot": "BER", "kind": "arrived", "at": NINE + timedelta(minutes=minute)}
    return parcel_id, ScanCreate.model_validate(usual | details)


async def kept(sessions: Sessions) -> list[tuple[int, int]]:
    """Return the parcel and the minute of each stored scan."""
    from waybill.tables import Scan

    async with sessions() as session:
        scans = await session.scalars(select(Scan).order_by(Scan.parcel_id, Scan.at))
        return [
            (one.parcel_id, one.at.hour * 60 + one.at.minute - 540) for one in scans
        ]


def first(raised: BaseException) -> BaseException:
    """Return the first exception of a group, however deep it lies."""
    if isinstance(raised, BaseExceptionGroup):
        return first(raised.exceptions[0])
    return raised


async def hand_in(
    sessions: Sessions, backlog: Iterable[tuple[int, "ScanCreate"]]
) -> list[int]:
    """Hand in a backlog; explain what is raised because of a scan."""
    from waybill.store import add_backlog

    try:
        return await add_backlog(sessions, backlog)
    except* IntegrityError as group:
        raised = first(group)
        reason = getattr(raised, "orig", raised)
        advice = "One bad scan ended the whole backlog: each is refused by itself."
    except* SQLAlchemyError as group:
        raised = first(group)
        reason = str(raised).partition("\n")[0]
        advice = "Do two tasks share a session?"
        if type(raised).__name__ == "PendingRollbackError":
            advice = (
                "After a flush that failed, a session has to be rolled back, and what "
                "it added before is gone: give each scan a session of its own."
            )
        if type(raised).__name__ == "TimeoutError":
            advice = (
                "The engine lends 15 connections, and a scan that waits too long for "
                "one fails. Take a few scans at a time, or one after the other."
            )
    raise AssertionError(
        f"add_backlog ended in {type(raised).__name__}: {reason}. {advice}"
    )


# - Each good scan is kept, be the backlog empty or long.
@pytest.mark.parametrize("size", [3, 18, 0])
async def test_good_scans_are_kept(
    sessions: Sessions, engine: AsyncEngine, size: int
) -> None:
    """A backlog of good scans is kept whole, be it empty or long."""
    await engine.dispose()  # as after a start: no connection is open yet
    refused = await hand_in(sessions, [scan(1, minute) for minute in range(size)])
    found = await kept(sessions)
    assert found == [(1, minute) for minute in range(size)], (
        f"{size} good scans were handed in, and {len(found)} are stored. Does each "
        f"have its own session, and its own commit?"
    )
    assert refused == [], (
        f"{size} good scans were handed in, all are stored, and add_backlog reports "
        f"{len(refused)} as refused. A session can't do two things at once."
    )


async def test_scans_that_differ_are_all_kept(sessions: Sessions) -> None:
    """Scans that differ in one of their parts are all kept, as they came."""
    from waybill.tables import Scan

    backlog = [
        scan(1, 0, weight_g=750),
        scan(1, 0, kind="departed"),
        scan(1, 0, depot="HAM", weight_g=700),
        scan(1, 0, at=NINE + timedelta(microseconds=1)),
        scan(2, 0),
    ]
    wanted = [{"parcel_id": number, **data.model_dump()} for number, data in backlog]
    refused = await hand_in(sessions, backlog)
    async with sessions() as session:
        rows = list(await session.scalars(select(Scan)))
    found = [{name: getattr(one, name) for name in wanted[0]} for one in rows]
    missing = [", ".join(map(str, one.values())) for one in wanted if one not in found]
    assert (missing, refused) == ([], []), (
        f"Five scans that differ were handed in. Not stored as they came: {missing}; "
        f"reported as refused: {refused}. Give a row all data of its scan."
    )


# - A scan of an unknown parcel is refused, and the others are kept.
@pytest.mark.parametrize("place", [0, 2])
async def test_a_bad_scan_spoils_no_other(sessions: Sessions, place: int) -> None:
    """A scan of an unknown parcel is refused, and the others are kept."""
    backlog = [scan(1, 0), scan(2, 5)]
    backlog.insert(place, scan(404, 10))
    refused = await hand_in(sessions, backlog)
    found = await kept(sessions)
    assert (found, refused) == ([(1, 0), (2, 5)], [404]), (
        f"Scans of the parcels {[one for one, _ in backlog]} were handed in; there is "
        f"no parcel 404. Stored (parcel, minute): {found}; refused: {refused}."
    )


# - A scan that is known already is refused, also within one backlog.
async def test_a_known_scan_is_refused(sessions: Sessions) -> None:
    """A scan that is known already is refused, also within one backlog."""
    await hand_in(sessions, [scan(1, 0)])
    backlog = [scan(2, 0), scan(1, 0), scan(2, 0), scan(2, 7)]
    refused = await hand_in(sessions, backlog)
    found = await kept(sessions)
    assert (found, sorted(refused)) == ([(1, 0), (2, 0), (2, 7)], [1, 2]), (
        f"Two of four scans were known already, one of parcel 1 and one of parcel 2. "
        f"Stored now (parcel, minute): {found}; reported as refused: {refused}."
    )


async def test_a_faster_depot_spoils_nothing(
    sessions: Sessions, engine: AsyncEngine
) -> None:
    """A scan that another depot stores a moment before is refused, and no other."""
    rivals: list[str] = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def be_faster(*details: Any) -> None:  # noqa: ANN401
        # Another process stores the first scan right before its INSERT is sent.
        statement, values, _, many = details[2:]
        if statement.upper().startswith("INSERT") and not rivals:
            rivals.append(statement)
            # It waits: whoever connects reads the file for a moment.
            with closing(sqlite3.connect(str(engine.url.database))) as rival:
                rival.execute(statement, values[0] if many else values)
                rival.commit()

    refused = await hand_in(sessions, [scan(1, 0), scan(2, 5)])
    found = await kept(sessions)
    assert (bool(refused), found) == (True, [(1, 0), (2, 5)]), (
        f"Another depot stored one of two scans right before the INSERT. Reported as "
        f"refused: {refused}; stored: {found}. What was true when you looked may be "
        f"true no longer: believe what the INSERT says."
    )


@pytest.mark.usefixtures("other_words")
async def test_another_database_has_other_words(sessions: Sessions) -> None:
    """A scan is refused in the words of another database, too."""
    refused = await hand_in(sessions, [scan(1, 0), scan(404, 5), scan(1, 0)])
    assert sorted(refused) == [1, 404], f"Two were refused, and reported: {refused}."


async def test_two_depots_at_once(sessions: Sessions) -> None:
    """Two depots that hand in at the same time hear of their own scans."""
    backlogs = [scan(404, 0), scan(1, 0)], [scan(405, 0), scan(406, 0), scan(2, 0)]
    both = await asyncio.gather(*(hand_in(sessions, one) for one in backlogs))
    assert both == [[404], [405, 406]], f"Reported as refused to each depot: {both}."


# - The parcels of the refused scans are returned, in the order of the backlog.
async def test_refused_ones_come_in_order(sessions: Sessions) -> None:
    """The parcels of refused scans are returned in the order of the backlog."""
    numbers = [907, 1, 404, 850, 2, 404, 100] * 2
    wanted = [907, 404, 850, 404, 100] * 2
    refused = await hand_in(
        sessions, [scan(number, minute) for minute, number in enumerate(numbers)]
    )
    assert refused == wanted, (
        f"The backlog named the parcels {numbers}, of which there are 1 and 2. "
        f"add_backlog returned {refused}; expected was {wanted}."
    )


# - A backlog may be a generator, which can be read only once.
async def test_a_generator_will_do(sessions: Sessions) -> None:
    """A backlog may be a generator, which can be read only once."""

    def backlog() -> Iterator[tuple[int, "ScanCreate"]]:
        for minute, number in enumerate([1, 404, 2]):
            yield scan(number, minute)

    refused = await hand_in(sessions, backlog())
    found = await kept(sessions)
    assert (refused, found) == ([404], [(1, 0), (2, 2)]), (
        f"A generator yielded scans of the parcels 1, 404 and 2. Refused: {refused}; "
        f"stored: {found}. A generator is empty after one loop: make a list first."
    )


# - An error of the database that is not about the scan is raised.
async def test_a_broken_database_is_not_a_refusal(
    sessions: Sessions, engine: AsyncEngine
) -> None:
    """An error of the database that is not about the scan is raised."""
    from waybill.store import add_backlog

    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE scans"))
    refused: list[int] | None = None
    try:
        refused = await add_backlog(sessions, [scan(1, 0), scan(2, 5)])
    except* DBAPIError:
        pass
    assert refused is None, (
        f"The table of scans was gone, so nothing could be stored, and add_backlog "
        f"returned {refused} as if it had done its work. Catch only what speaks about "
        f"the scan, and let the rest through."
    )


async def test_a_failure_in_the_middle_is_raised(
    sessions: Sessions, engine: AsyncEngine
) -> None:
    """An error that ends one scan of many is raised as well."""
    from waybill.store import add_backlog

    inserts: list[str] = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def disk_full(*details: object) -> None:
        if str(details[2]).upper().startswith("INSERT"):
            inserts.append(str(details[2]))
            if len(inserts) == 2:
                raise OperationalError(inserts[-1], {}, Exception("the disk is full"))

    refused: list[int] | None = None
    try:
        refused = await add_backlog(sessions, [scan(1, 0), scan(2, 5), scan(1, 10)])
    except* OperationalError:
        pass
    assert refused is None or len(inserts) < 2, (
        f"For one of three scans the disk was full. It is not stored, and add_backlog "
        f"returned {refused}: that depot throws its scan away."
    )


# - Each good scan is kept, be the backlog empty or long.
async def test_a_long_backlog_waits_for_no_connection(
    sessions: Sessions, engine: AsyncEngine
) -> None:
    """A long backlog asks for no more connections at once than an engine lends."""
    impatient = create_async_engine(
        engine.url, pool_timeout=0, connect_args={"timeout": 60}
    )
    backlog = [scan(1, minute) for minute in range(40)]
    try:
        refused = await hand_in(async_sessionmaker(impatient), backlog)
    finally:
        await impatient.dispose()
    found = len(await kept(sessions))
    assert (refused, found) == ([], 40), (
        f"40 good scans were handed in, {found} are stored, and {len(refused)} are "
        f"reported as refused. The engine lends 15 connections: take a few at a time."
    )
