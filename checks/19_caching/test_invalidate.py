"""Checks of caching.invalidate: what has changed is dropped, after the commit."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    Sessions = async_sessionmaker[AsyncSession]

pytestmark = pytest.mark.usefixtures("clean_environment", "known")
Make = Callable[..., Any]
Write = Callable[["AsyncSession"], Awaitable[None]]


@pytest.fixture
def writes(scan: Make) -> dict[str, Write]:
    """What happens to parcel 7, as Waybill's routes write it."""
    from sqlalchemy import delete

    from waybill.tables import Change, Parcel, Scan

    change = {"parcel_id": 7, "number": 1, "account_id": 311}

    async def scanned(session: "AsyncSession") -> None:
        session.add(scan(7, 30, "delivered"))

    async def changed(session: "AsyncSession") -> None:
        parcel = await session.get_one(Parcel, 7)
        session.add(Change(**change))
        await session.flush()
        parcel.weight_g = 900
        await session.flush()

    async def withdrawn(session: "AsyncSession") -> None:
        await session.execute(delete(Scan).where(Scan.parcel_id == 7))
        session.add(Change(**change))
        await session.flush()
        await session.execute(delete(Change).where(Change.parcel_id == 7))
        await session.execute(delete(Parcel).where(Parcel.id == 7))

    async def corrected(session: "AsyncSession") -> None:
        (await session.get_one(Scan, 3)).depot = "MUC"

    steps = (scanned, changed, withdrawn, corrected)
    return {step.__name__: step for step in steps}


Dropping = Any  # a store that notes drops, and what others saw; see conftest.py


@pytest.fixture
async def app(sessions: "Sessions") -> AsyncIterator[FastAPI]:
    """An app whose cache is open, on the check's database."""
    from waybill.invalidation import open_cache

    app = FastAPI()
    app.state.sessions = sessions
    async with open_cache(app):
        yield app


@pytest.fixture
def store(app: FastAPI, dropping: Callable[[], Dropping]) -> Dropping:
    """The store of that app's cache: see what was dropped."""
    store = app.state.cache.store = dropping()
    return store


# - After a commit, what is kept about each parcel that was scanned, changed or
# withdrawn is dropped, before the request is answered.
async def test_all_that_was_written_is_dropped(
    sessions: "Sessions", store: Dropping, scan: Make
) -> None:
    """All parcels of a transaction are dropped, however many flushes it had."""
    async with sessions.begin() as session:
        session.add_all([scan(7, 40), scan(8, 41)])
        await session.flush()
        session.add(scan(70, 42))
        await session.flush()
        session.add(scan(7, 43))
    drops = sorted({*store.drops})
    assert drops == ["track:WB7", "track:WB70", "track:WB8"], (
        "A transaction scanned WB7 and WB8, was flushed, scanned WB70 and WB7 again, "
        f"and was committed. Dropped: {drops}."
    )


@pytest.mark.parametrize("what", ["scanned", "changed", "withdrawn", "corrected"])
async def test_a_commit_drops_what_it_has_changed(
    sessions: "Sessions",
    store: Dropping,
    seen: Callable[[], object],
    writes: dict[str, Write],
    what: str,
) -> None:
    """A parcel that was scanned, changed or withdrawn is dropped after the commit."""
    async with sessions.begin() as session:
        await writes[what](session)
    drops = [*store.drops]
    assert set(drops) == {"track:WB7"}, (
        f"WB7 was {what} and committed. Dropped by then: {drops}; "
        "expected: track:WB7. `written_codes` tells which parcels a flush has "
        "written; note them then, and drop them in `after_commit`, with await_only."
    )
    assert store.saw[0] == seen(), (
        f"WB7 was {what}, and dropped when others still saw the old "
        "rows: whoever asked at that moment would have put the old answer back. Drop "
        "after the commit."
    )


async def test_a_session_may_commit_again(
    sessions: "Sessions", store: Dropping, scan: Make
) -> None:
    """Each commit of a session drops what that transaction has written, and no more."""
    async with sessions() as session:
        for minute, number in enumerate((7, 7, 8), start=50):
            store.drops.clear()
            session.add(scan(number, minute))
            await session.commit()
            assert {*store.drops} == {f"track:WB{number}"}, (
                f"A session committed scans of WB7, WB7 and WB8, in three commits. At "
                f"that of WB{number}, number {minute - 49}, dropped was {store.drops}. "
                "Each commit drops what it has written, and nothing from before."
            )


async def test_a_reader_in_between_puts_nothing_old_back(
    app: FastAPI, sessions: "Sessions", scan: Make
) -> None:
    """No reader puts an old answer back, not even one who still loads at the commit."""
    from waybill.tracking import load_tracking

    has_read, may_end = asyncio.Event(), asyncio.Event()

    async def load() -> str | None:
        return await load_tracking(sessions, "WB70")

    async def load_slowly() -> str | None:
        text = await load()
        has_read.set()
        await may_end.wait()
        return text

    cache = app.state.cache
    before = await cache.get("track:WB70", load)
    async with sessions.begin() as session:
        session.add(scan(70, 60))
        await session.flush()
        await cache.drop("track:WB70")  # it may expire just then
        slow = asyncio.create_task(cache.get("track:WB70", load_slowly))
        await has_read.wait()
    may_end.set()
    between, after = await slow, await cache.get("track:WB70", load)
    assert between == before, "A reader saw a scan that wasn't committed."
    assert after != before, (
        "WB70 was scanned. A reader asked before the commit, and was answered after "
        f"it; then the cache says {after}. `cache.drop` forgets loads, too."
    )


# - Before the commit nothing is dropped, and at the end of a savepoint neither.
async def test_nothing_is_dropped_before_the_commit(
    sessions: "Sessions", store: Dropping, scan: Make
) -> None:
    """Nothing is dropped by a flush, nor by the end of a savepoint."""
    async with sessions.begin() as session:
        session.add(scan(70, 61))
        await session.flush()
        assert not store.drops, (
            f"A scan was flushed and not committed, and dropped is {store.drops}."
        )
        async with session.begin_nested():
            session.add(scan(7, 62))
        assert not store.drops, (
            f"A savepoint ended, and {store.drops} was dropped, though nobody else "
            "sees its rows yet. `session.in_nested_transaction()` tells."
        )
    drops = sorted({*store.drops})
    assert drops == ["track:WB7", "track:WB70"], (
        "WB70 was scanned, and WB7 within a savepoint; then came the commit. Dropped: "
        f"{drops}. What a savepoint has written is noted until the end."
    )


# - After a rollback nothing is dropped, neither then nor by a later commit of the same
# session.
@pytest.mark.parametrize("how", ["a flush", "a savepoint", "an exception"])
async def test_a_rollback_drops_nothing(
    sessions: "Sessions", store: Dropping, scan: Make, how: str
) -> None:
    """A rollback drops nothing, and a later commit of the session drops its own."""
    async with sessions() as session:
        with suppress(KeyError):
            async with session.begin():
                session.add(scan(7, 63))
                if how == "a savepoint":
                    await (await session.begin_nested()).commit()
                await session.flush()
                if how == "an exception":
                    raise KeyError(how)
                await session.rollback()
        assert not store.drops, f"A scan was rolled back, and {store.drops} dropped."
        session.add(scan(8, 64))
        await session.commit()
    assert {*store.drops} == {"track:WB8"}, (
        f"A session scanned WB7 ({how}) and was rolled back; then it scanned WB8 and "
        f"committed. Dropped: {store.drops}. After a rollback, forget what was noted."
    )


async def test_a_savepoint_that_is_undone_forgets_nothing_else(
    sessions: "Sessions", store: Dropping, scan: Make
) -> None:
    """If only a savepoint is undone, the commit drops what else was written."""
    async with sessions.begin() as session:
        session.add(scan(7, 70))
        await session.flush()
        inner = await session.begin_nested()
        session.add(scan(8, 71))
        await session.flush()
        await inner.rollback()
        assert not store.drops, f"A savepoint was undone, and {store.drops} dropped."
    assert "track:WB7" in store.drops, (
        "A session scanned WB7, a savepoint with WB8 was undone, and the session "
        f"committed. Dropped: {store.drops}. `after_rollback` is called for the "
        "savepoint as well: ask `session.in_nested_transaction()` there, too."
    )


# - Two sessions that are open at once don't mix: each drops what it has written itself.
@pytest.mark.parametrize("end", ["commit", "rollback"])
async def test_two_sessions_do_not_mix(
    sessions: "Sessions", store: Dropping, scan: Make, end: str
) -> None:
    """Of two sessions that are open at once, each drops what it has written."""
    async with sessions() as session, sessions() as other:
        await other.connection()
        session.add(scan(7, 73))
        await session.flush()
        await (other.commit() if end == "commit" else other.rollback())
        assert not store.drops, (
            f"A session scanned WB7 and is still open, another one ended with a {end}, "
            f"and dropped is {store.drops}."
        )
        await session.commit()
    assert {*store.drops} == {"track:WB7"}, (
        f"A session scanned WB7, another one ended with a {end}, and the first one "
        f"committed. Dropped: {store.drops}. `session.info` belongs to one session; a "
        "variable outside of the listeners belongs to all."
    )


# - What wasn't written stays in the cache.
async def test_what_was_not_written_stays(
    sessions: "Sessions", store: Dropping, parcel: Make
) -> None:
    """Who reads, signs up or hands in a parcel drops nothing of the others."""
    from sqlalchemy import select

    from waybill.tables import Account, Parcel, Scan

    async with sessions.begin() as session:
        scans = (await session.scalars(select(Scan))).all()
        parcels = (await session.scalars(select(Parcel))).all()
        session.add(Account(email="noor@example.com"))
        session.add(parcel(90))
        await session.flush()
    others = {*store.drops} - {"track:WB90"}
    assert not others, (
        f"{len(scans)} scans and {len(parcels)} parcels were read, and another parcel "
        f"was handed in. Dropped: {others}."
    )


async def test_apps_are_apart(
    engine: "AsyncEngine", store: Dropping, dropping: Callable[[], Dropping], scan: Make
) -> None:
    """What one app's sessions write isn't dropped by another app."""
    from sqlalchemy.ext.asyncio import async_sessionmaker

    from waybill.invalidation import open_cache

    other: Any = FastAPI()
    other.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
    async with open_cache(other):
        other.state.cache.store = dropping()
        async with other.state.sessions.begin() as session:
            session.add(scan(7, 66))
        drops = other.state.cache.store.drops
    assert (store.drops, {*drops}) == ([], {"track:WB7"}), (
        f"Two apps run in one process. One of them scanned WB7 and dropped {drops}; "
        f"the other one dropped {store.drops}. Listen to the class `sessions`."
    )
