"""Checks of websockets.push: every scan is told, and none that might not stay."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    from waybill.tables import Scan

    Sessions = async_sessionmaker[AsyncSession]

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Make = Callable[..., "Scan"]


@pytest.fixture
def make() -> Make:
    """Return a function that makes a scan of parcel 3 or 4, with an id of its own."""
    from waybill.schemas import ScanKind
    from waybill.tables import Scan

    def make(number: int, depot: str = "HAM", parcel: int = 3) -> "Scan":
        scan = Scan(id=number, parcel_id=parcel, depot=depot, kind=ScanKind.ARRIVED)
        scan.at = NOON + timedelta(minutes=number)
        return scan

    return make


@pytest.fixture
async def told(engine: "AsyncEngine", sessions: "Sessions") -> list[int]:
    """The ids of scans that were told; `sessions` are listened to from now on.

    A scan that nobody else can read when it is told is noted as minus its id.
    """
    from waybill.push import listen
    from waybill.tables import Account, Parcel

    async with sessions.begin() as session:
        session.add(Account(id=7, email="lena@example.com"))
        await session.flush()
        for number in (3, 4):
            row = Parcel(id=number, tracking_code=f"WB{number}", owner_id=7, to={})
            row.weight_g, row.value = 750, 5  # type: ignore[assignment]
            session.add(row)
    told: list[int] = []

    def tell(shown: Any) -> None:  # noqa: ANN401
        with sqlite3.connect(str(engine.url.database), timeout=1) as other:
            query = "SELECT count(*) FROM scans WHERE id = ?"
            (count,) = other.execute(query, [shown.id]).fetchone()
        told.append(shown.id if count else -shown.id)

    listen(sessions, tell)
    return told


# - Each scan that was committed is told, once, in the order in which they were stored,
# whichever route has stored it. Other rows are not.
async def test_each_scan_is_told_once(
    sessions: "Sessions", told: list[int], make: Make
) -> None:
    """Each scan that is committed is told, once, in order; other rows are not."""
    from waybill.tables import Account

    async with sessions.begin() as session:
        session.add(make(61))
        await session.flush()
        session.add(Account(id=8, email="bob@example.com"))
        session.add(make(12, "BER", 4))
        await session.flush()
        session.add(make(40))
    async with sessions() as session:
        scan = make(63)
        session.add(scan)
        await session.commit()
        scan.weight_g = 800
        await session.commit()  # it was changed, and is not new
        session.add(make(62))
        await session.commit()
    async with sessions.begin() as session:
        session.add(Account(id=9, email="cem@example.com"))
    assert [abs(one) for one in told] == [61, 12, 40, 63, 62], (
        "Scans 61, 12 and 40 were committed, in one transaction; then 63, which was "
        f"changed afterwards, and 62. These were told, in this order: {told}."
    )


async def test_it_is_told_what_happened(sessions: "Sessions", make: Make) -> None:
    """What is told says what happened, where, when, and to which parcel."""
    from waybill.push import ScanShown, listen
    from waybill.tables import Account, Parcel

    shown: list[Any] = []
    async with sessions.begin() as session:
        session.add(Account(id=7, email="lena@example.com"))
        await session.flush()
        row = Parcel(id=4, tracking_code="WB4", owner_id=7, to={}, weight_g=1)
        row.value = 5  # type: ignore[assignment]
        session.add(row)
    listen(sessions, shown.append)
    for expire in (False, True):
        sessions.configure(expire_on_commit=expire)
        async with sessions.begin() as session:
            scan = make(61 + expire, "BER", 4)
            session.add(scan)
            await session.flush()
            session.expire(scan)  # its values would have to be read again
    assert [type(one) for one in shown] == [ScanShown] * 2, (
        f"Two scans were committed, and these were told: {shown}."
    )
    first = shown[0].model_dump(mode="json")
    wanted = {"type": "scan", "id": 61, "parcel_id": 4, "depot": "BER"}
    wanted |= {"kind": "arrived", "at": "2026-03-02T13:01:00Z"}
    assert first == wanted, f"What was told is {first}; it should be {wanted}."


# - Whoever is told can already read it with another session.
async def test_it_is_told_after_the_commit(
    sessions: "Sessions", told: list[int], make: Make
) -> None:
    """A scan is told when others can read it, and not before."""
    async with sessions() as session:
        session.add(make(61))
        await session.flush()
        session.add(make(62))
        await session.flush()
        early = [*told]
        await session.commit()
    assert [abs(one) for one in early] == [], (
        f"Scan {abs(early[0])} was told at the flush. It can still be rolled back, and "
        "nobody else can read it yet: wait for the commit."
        if early
        else ""
    )
    assert told == [61, 62], (
        f"Scans 61 and 62 were committed; told were {[abs(one) for one in told]}. "
        "When it was told, another connection could not read number "
        f"{[-one for one in told if one < 0]}."
    )


# - What was rolled back is never told, not even when the same session commits something
# else later.
@pytest.mark.parametrize("how", ["rollback", "an exception", "a conflict", "closed"])
async def test_what_is_rolled_back_is_not_told(
    sessions: "Sessions", told: list[int], make: Make, how: str
) -> None:
    """What was rolled back is never told, even if the session goes on."""
    async with sessions() as session:
        session.add(make(61))
        await session.flush()
        if how == "rollback":
            await session.rollback()
        elif how == "closed":
            await session.close()
        elif how == "a conflict":
            session.add(make(61 + 1, depot="HAM", parcel=99))
            with pytest.raises(IntegrityError):
                await session.commit()
            await session.rollback()
        else:
            await session.rollback()
            with suppress(LookupError):
                async with session.begin():
                    session.add(make(71))
                    await session.flush()
                    raise LookupError
        session.add(make(80))
        await session.commit()
    assert told == [80], (
        f"Scan 61 was rolled back ({how}), and the same session committed 80. Told "
        f"were {[abs(one) for one in told]}."
    )


async def test_the_same_row_again(
    sessions: "Sessions", told: list[int], make: Make
) -> None:
    """A scan that was rolled back and is stored again is told once."""
    async with sessions() as session:
        scan = make(61)
        session.add(scan)
        await session.flush()
        await session.rollback()
        session.add(scan)
        await session.commit()
    assert told in ([61], [61, 61]), f"Scan 61 was stored at last; told were {told}."


async def test_sessions_have_notes_of_their_own(
    sessions: "Sessions",
    told: list[int],
    make: Make,
    make_tables: Callable[[Path], None],
    tmp_path: Path,
) -> None:
    """Of two sessions at once, each tells its own scans at its own commit."""
    from sqlalchemy.ext.asyncio import create_async_engine

    # SQLite lets one write at a time, so the second one has a file of its own.
    make_tables(tmp_path / "other.db")
    other = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'other.db'}")
    async with sessions() as first, sessions(bind=other) as second:
        first.add(make(61))
        await first.flush()
        second.add(make(62))
        await second.commit()
        between = [abs(one) for one in told]
        await first.commit()
    await other.dispose()
    assert (between, [abs(one) for one in told]) == ([62], [62, 61]), (
        "A session had stored scan 61, and another one stored 62 and committed it: "
        f"told were {between}. Then the first one committed, and told were "
        f"{[abs(one) for one in told]} in all. Each session needs notes of its own, as "
        "`session.info` has."
    )


# Nor is what only a savepoint has rolled back.
async def test_savepoints_end_nothing(
    sessions: "Sessions", told: list[int], make: Make
) -> None:
    """A savepoint that ends is no commit; one that is rolled back is not told."""
    async with sessions() as session:
        async with session.begin_nested():
            session.add(make(61))
            async with session.begin_nested():
                session.add(make(62))
        early = [*told]
        await session.rollback()
    assert (early, told) == ([], []), (
        "Scans 61 and 62 were stored in savepoints, which ended well; then the "
        f"transaction around them was rolled back. Told were {early or told}. "
        "`after_commit` is called when a savepoint ends, too."
    )
    async with sessions.begin() as session:
        session.add(make(71))
        savepoint = await session.begin_nested()
        session.add(make(72))
        await session.flush()
        await savepoint.rollback()
        async with session.begin_nested():
            session.add(make(73))
    assert told == [71, 73], (
        "Scan 71 was stored, then 72 in a savepoint that was rolled back, then 73 in "
        f"one that ended well, and all was committed. Told were {told}."
    )


# - Sessions of other apps are not listened to.
async def test_others_are_not_listened_to(
    engine: "AsyncEngine", sessions: "Sessions", told: list[int], make: Make
) -> None:
    """Only these sessions are listened to, each by its own."""
    from sqlalchemy.ext.asyncio import async_sessionmaker

    from waybill.push import listen

    other, third = async_sessionmaker(engine), async_sessionmaker(engine)
    thirds: list[int] = []
    listen(third, lambda shown: thirds.append(shown.id))
    for number, maker in ((61, sessions), (62, other), (63, third)):
        async with maker.begin() as session:
            session.add(make(number))
    assert (told, thirds) == ([61], [63]), (
        "Three apps stored scans: 61, 62 and 63. The first and the third listen to "
        f"their own sessions. The first was told {told}, the third {thirds}."
    )


# - Whoever listens to these sessions already is told as before.
async def test_whoever_listens_already_is_told_too(
    engine: "AsyncEngine", told: list[int], make: Make
) -> None:
    """Whoever has listened to these sessions before hears of commits as before."""
    from sqlalchemy.ext.asyncio import async_sessionmaker

    from waybill.push import listen

    earlier, commits = type("Earlier", (Session,), {}), []
    event.listen(earlier, "after_commit", commits.append)
    sessions = async_sessionmaker(engine, sync_session_class=earlier)
    listen(sessions, lambda shown: told.append(shown.id))
    async with sessions.begin() as session:
        session.add(make(61))
    assert (told, len(commits)) == ([61], 1), (
        f"Scan 61 was committed. Told were {told}, and who listened before heard of "
        f"{len(commits)} commits. `heard` is a class below that of the sessions."
    )
