"""Checks of caching.invalidate: what has changed is dropped, after the commit."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    from waybill.tables import Parcel, Scan

    Sessions = async_sessionmaker[AsyncSession]

pytestmark = pytest.mark.usefixtures("clean_environment", "known")
Write = Callable[["AsyncSession"], Awaitable[None]]


@pytest.fixture
def writes(scan: "Callable[..., Scan]") -> dict[str, Write]:
    """What happens to parcel 7, as Waybill's routes write it."""
    from sqlalchemy import delete, select

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

    async def taken_back(session: "AsyncSession") -> None:
        await session.delete(await session.scalar(select(Scan).where(Scan.id == 3)))

    steps = (scanned, changed, withdrawn, corrected, taken_back)
    return {step.__name__: step for step in steps}


class Dropping:
    """A store that notes each drop when it is done, and what others saw by then."""

    seconds = 60.0

    def __init__(self, seen: Callable[[], object], turns: int = 3) -> None:
        self.seen = seen
        self.turns = turns
        self.drops: list[str] = []
        self.saw: list[object] = []

    async def get(self, _key: str) -> None:
        """Have nothing."""

    async def put(self, _key: str, _text: str) -> None:
        """Keep nothing."""

    async def drop(self, key: str) -> None:
        """Note a drop, after as many turns as a way to Redis and back takes."""
        self.saw.append(self.seen())
        for _ in range(self.turns):
            await asyncio.sleep(0)
        self.drops.append(key)


@pytest.fixture
async def app(sessions: "Sessions") -> AsyncIterator[FastAPI]:
    """An app whose cache is open, on the check's database."""
    from waybill.invalidation import open_cache

    app = FastAPI()
    app.state.sessions = sessions
    async with open_cache(app):
        yield app


@pytest.fixture
def store(app: FastAPI, seen: Callable[[], object]) -> Dropping:
    """The store of that app's cache: see what was dropped."""
    store = Dropping(seen)
    app.state.cache.store = store
    return store


# - After a commit, what is kept about each parcel that was scanned, changed or
# withdrawn is dropped, before the request is answered.
@pytest.mark.parametrize(
    "what", ["scanned", "changed", "withdrawn", "corrected", "taken_back"]
)
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
        f"WB7 was {what.replace('_', ' ')} and committed. Dropped by then: {drops}; "
        "expected: track:WB7. `written_codes` tells which parcels a flush has "
        "written; note them then, and drop them in `after_commit`, with await_only."
    )
    assert store.saw[0] == seen(), (
        f"WB7 was {what.replace('_', ' ')}, and dropped when others still saw the old "
        "rows: whoever asked at that moment would have put the old answer back. Drop "
        "after the commit."
    )


async def test_the_commit_waits_for_the_drop(
    sessions: "Sessions", store: Dropping, scan: "Callable[..., Scan]"
) -> None:
    """When a commit is over, its parcels are dropped, however long Redis takes."""
    store.turns = 3000
    async with sessions() as session:
        session.add(scan(7, 67))
        await session.commit()
        drops = [*store.drops]
    assert drops == ["track:WB7"], (
        "WB7 was scanned and committed. The drop took its time, and the commit was "
        f"over before it: by then, dropped was {drops}. `await_only` waits for it."
    )


async def test_all_that_was_written_is_dropped(
    sessions: "Sessions", store: Dropping, scan: "Callable[..., Scan]"
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


async def test_a_session_may_commit_again(
    sessions: "Sessions", store: Dropping, scan: "Callable[..., Scan]"
) -> None:
    """Each commit of a session drops what that transaction has written, and no more."""
    async with sessions() as session:
        for number, code in ((7, "track:WB7"), (8, "track:WB8")):
            store.drops.clear()
            session.add(scan(number, 50 + number))
            await session.commit()
            assert {*store.drops} == {code}, (
                f"A session that has committed before wrote a scan of {code[6:]}, and "
                f"committed. Dropped: {store.drops}; expected: {code}, and what was "
                "dropped before has to be forgotten."
            )


async def test_a_reader_in_between_puts_nothing_old_back(
    app: FastAPI, sessions: "Sessions", scan: "Callable[..., Scan]"
) -> None:
    """A reader between the flush and the commit doesn't put an old answer back."""
    from functools import partial

    from waybill.tracking import load_tracking

    load = partial(load_tracking, sessions, "WB70")
    before = await app.state.cache.get("track:WB70", load)
    async with sessions.begin() as session:
        session.add(scan(70, 60))
        await session.flush()
        between = await app.state.cache.get("track:WB70", load)
    after = await app.state.cache.get("track:WB70", load)
    assert between == before, "A reader saw a scan that wasn't committed."
    assert after != before, (
        f"WB70 was scanned. A reader asked between the flush and the commit, and after "
        f"the commit the cache still says {after}."
    )


# - Before the commit nothing is dropped, and at the end of a savepoint neither.
async def test_nothing_is_dropped_before_the_commit(
    sessions: "Sessions", store: Dropping, scan: "Callable[..., Scan]"
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
    sessions: "Sessions", store: Dropping, scan: "Callable[..., Scan]", how: str
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


# - What wasn't written stays in the cache.
async def test_what_was_not_written_stays(
    sessions: "Sessions",
    store: Dropping,
    parcel: "Callable[..., Parcel]",
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
    engine: "AsyncEngine",
    store: Dropping,
    seen: Callable[[], object],
    scan: "Callable[..., Scan]",
) -> None:
    """What one app's sessions write isn't dropped by another app."""
    from sqlalchemy.ext.asyncio import async_sessionmaker

    from waybill.invalidation import open_cache

    other: Any = FastAPI()
    other.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
    async with open_cache(other):
        other.state.cache.store = Dropping(seen)
        async with other.state.sessions.begin() as session:
            session.add(scan(7, 66))
        drops = other.state.cache.store.drops
    assert (store.drops, {*drops}) == ([], {"track:WB7"}), (
        f"Two apps run in one process. One of them scanned WB7 and dropped {drops}; "
        f"the other one dropped {store.drops}. Listen to the class `sessions`."
    )
