"""Checks of streaming.follow: scans as they happen, at little cost."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from sqlalchemy import event

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    from waybill.tables import Scan

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINE, OTHER = 3, 4
LONG = 60  # Seconds; no check waits for them.
SOON = 2  # Seconds in which everything has happened that should happen at once.

Happen = Callable[..., Awaitable[None]]


@pytest.fixture(autouse=True)
def no_blocking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing hold up the event loop."""

    def refuse(_seconds: float) -> None:
        raise AssertionError(
            "time.sleep holds up everybody whom this process serves. Waiting is "
            "awaited: asyncio has a sleep of its own."
        )

    monkeypatch.setattr(time, "sleep", refuse)


@pytest.fixture
async def engine(engine: "AsyncEngine") -> "AsyncEngine":
    """The engine, on a SQLite that delivers backwards what a query leaves unsorted."""

    @event.listens_for(engine.sync_engine, "checkout")
    def reverse(connection: "DBAPIConnection", *_: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA reverse_unordered_selects = ON")
        cursor.close()

    return engine


@pytest.fixture
async def happen(sessions: "async_sessionmaker[AsyncSession]") -> Happen:
    """Return a function that stores a scan of a parcel, with an id of its own."""
    from waybill.schemas import ScanKind
    from waybill.tables import Account, Parcel, Scan

    async with sessions.begin() as session:
        session.add(Account(id=1, email="lena@example.com"))
        await session.flush()
        for number in (MINE, OTHER):
            row = Parcel(id=number, tracking_code=f"WB{number}", owner_id=1)
            row.to, row.weight_g, row.value = {}, 750, 5  # type: ignore[assignment]
            session.add(row)

    async def store(number: int, parcel: int = MINE, kind: str = "arrived") -> None:
        scan = Scan(id=number, parcel_id=parcel, depot="HAM", kind=ScanKind(kind))
        # In no order: clocks differ, and some scans are handed in late.
        scan.at = NOON + timedelta(minutes=number * 5 % 7, seconds=number)
        async with sessions.begin() as session:
            session.add(scan)

    return store


@pytest.fixture
async def watched(
    sessions: "async_sessionmaker[AsyncSession]",
) -> AsyncIterator[Callable[..., "Watched"]]:
    """Return a function that follows a parcel in a task, and ends it afterwards."""
    from waybill.events import follow

    tasks: list[asyncio.Task[None]] = []

    class Ended(Exception):  # noqa: N818
        """Nobody looks any more."""

    def refuse(*_arguments: object, **_options: object) -> "AsyncSession":
        raise Ended

    def watch(after: int = 0, pause: float = 0) -> Watched:
        stream: Any = follow(sessions, MINE, after=after, pause=pause)
        assert hasattr(stream, "__aiter__"), (
            f"follow(…) returned {type(stream).__name__}, which `async for` can't go "
            "through. A function with `async def` and `yield` can be gone through."
        )
        one = Watched(stream)
        tasks.append(one.task)
        return one

    yield watch
    sessions.class_ = refuse  # type: ignore[assignment]
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=SOON) if tasks else None


async def soon(is_so: Callable[[], bool]) -> None:
    """Wait until it is so, or it takes too long."""
    with anyio.move_on_after(SOON):
        while not is_so():  # noqa: ASYNC110  # nothing tells of it
            await asyncio.sleep(0.001)


class Watched:
    """A stream that a task reads: what came so far, and whether it has ended."""

    def __init__(self, stream: AsyncIterator["Scan"]) -> None:
        self.seen: list[int] = []
        self.news = asyncio.Event()
        self.task = asyncio.create_task(self._read(stream))

    async def _read(self, stream: AsyncIterator["Scan"]) -> None:
        try:
            async for scan in stream:
                self.seen.append(scan.id)
                self.news.set()
        finally:
            self.news.set()

    async def wait_for(self, number: int) -> None:
        """Wait until so many scans came, or the stream ends, or it takes too long."""
        with anyio.move_on_after(SOON):
            while len(self.seen) < number and not self.task.done():
                self.news.clear()
                await self.news.wait()
        self.raise_its_error()

    async def wait_for_end(self) -> None:
        """Wait until the stream ends, or it takes too long."""
        await asyncio.wait({self.task}, timeout=SOON)
        self.raise_its_error()

    def raise_its_error(self) -> None:
        """Raise what ended the stream, if it was an error."""
        if self.task.done() and not self.task.cancelled():
            self.task.result()


Watch = Callable[..., Watched]


async def test_what_there_is_comes_at_once(happen: Happen, watched: Watch) -> None:
    """The parcel's scans come by id, and no other parcel's."""
    for number in (7, 1, 9):
        await happen(number)
        await happen(number + 1, parcel=OTHER)
    stream = watched()
    await stream.wait_for(3)
    assert stream.seen[:3] == [1, 7, 9], (
        f"The parcel has the scans 1, 7 and 9; {stream.seen} came. (2, 8 and 10 are "
        "another parcel's, and SQLite delivers backwards what a query leaves unsorted.)"
    )


async def test_what_is_to_come_comes(happen: Happen, watched: Watch) -> None:
    """Scans that are added later come when they are there, each once."""
    await happen(5)
    stream = watched()
    await stream.wait_for(1)
    for length, number in ((2, 8), (3, 11)):
        await happen(number)
        await happen(number + 1, parcel=OTHER)
        await stream.wait_for(length)
        assert number in stream.seen, (
            f"Scan {number} was added while the stream was read, and "
            f"{'the stream had ended' if stream.task.done() else 'it never came'}. So "
            f"far came {stream.seen}. When all is sent, look again; the end is a "
            "delivery."
        )
    assert stream.seen == [5, 8, 11], (
        f"5, 8 and 11 happened; {stream.seen} came. Remember the last id you sent."
    )


async def test_it_begins_after_an_id(happen: Happen, watched: Watch) -> None:
    """Only scans after the id `after` come."""
    for number in (5, 7, 9, 12):
        await happen(number)
    for after, wanted in ((7, [9, 12]), (8, [9, 12]), (4, [5, 7, 9, 12])):
        stream = watched(after=after)
        await stream.wait_for(len(wanted))
        assert stream.seen == wanted, (
            f"The parcel has the scans 5, 7, 9 and 12. With after={after} the stream "
            f"brought {stream.seen}; {wanted} were expected."
        )


async def test_a_delivery_is_the_end(happen: Happen, watched: Watch) -> None:
    """After a scan of the kind delivered the stream ends, and nothing follows it."""
    await happen(5, kind="picked_up")
    stream = watched()
    await stream.wait_for(1)
    await happen(8, kind="delivered")
    await stream.wait_for(2)
    await stream.wait_for_end()
    assert stream.task.done(), (
        f"The parcel was delivered, the stream sent {stream.seen}, and it goes on. "
        "Return after a delivery: nothing comes after it."
    )
    assert stream.seen == [5, 8], (
        f"The scans were 5 and the delivery, 8; {stream.seen} came. Send both."
    )
    await happen(9)
    again = watched()
    await again.wait_for_end()
    assert again.seen == [5, 8], (
        f"The parcel's scans were 5, the delivery 8, and by mistake 9; {again.seen} "
        "came. The delivery ends the stream, whatever the database holds."
    )


async def test_no_connection_is_lent_with_a_scan(
    happen: Happen,
    sessions: "async_sessionmaker[AsyncSession]",
    engine: "AsyncEngine",
) -> None:
    """While a scan is out, no connection is lent."""
    from waybill.events import follow

    await happen(5)
    await happen(8, kind="delivered")
    pool: Any = engine.pool
    async for scan in follow(sessions, MINE, pause=0):
        lent = pool.checkedout()
        assert lent == 0, (
            f"Scan {scan.id} was handed out, and {lent} connection was still lent. It "
            "would be until the client has read on. Let the session end before you "
            "yield."
        )
        if scan.id == 8:
            break


async def test_no_connection_is_lent_while_it_waits(
    happen: Happen, watched: Watch, engine: "AsyncEngine"
) -> None:
    """While it waits, no connection is lent."""
    await happen(5)
    pool: Any = engine.pool
    stream = watched(pause=LONG)
    await stream.wait_for(1)
    await soon(lambda: not pool.checkedout())
    lent = pool.checkedout()
    assert lent == 0, (
        f"The stream waits for the next scan, and {lent} connection is lent meanwhile. "
        "A parcel travels for days. Let the session end before you wait."
    )


async def test_it_pauses_between_two_looks(
    happen: Happen, watched: Watch, queries: list[str]
) -> None:
    """With nothing new it looks again only after `pause` seconds."""
    await happen(5)
    queries.clear()
    stream = watched(pause=LONG)
    await stream.wait_for(1)
    for number in range(20, 30):  # Time enough for a look without a pause.
        await happen(number, parcel=OTHER)
    looks = sum("FROM scans" in sql for sql in queries)
    assert looks <= 2, (
        f"With pause={LONG} the stream looked {looks} times while ten scans of another "
        "parcel were stored. Wait `pause` seconds before you look again."
    )


@pytest.mark.parametrize("pause", [0, LONG])
async def test_it_ends_when_the_client_leaves(
    happen: Happen, watched: Watch, engine: "AsyncEngine", pause: float
) -> None:
    """A task that is cancelled ends at once, and lends no connection any more."""
    await happen(5)
    stream = watched(pause=pause)
    await stream.wait_for(1)
    await happen(6, parcel=OTHER)
    stream.task.cancel()
    await asyncio.wait({stream.task}, timeout=SOON)
    assert stream.task.done(), (
        f"The task that reads the stream was cancelled (pause={pause}), and it goes "
        "on. CancelledError must get through: catch it nowhere, or raise it again."
    )
    pool: Any = engine.pool
    await soon(lambda: not pool.checkedout())
    assert pool.checkedout() == 0, (
        "The task that reads the stream was cancelled, and a connection is still lent. "
        "`async with` closes a session whatever happens."
    )
