"""What the checks of streaming share: streams to watch, parcels, clients that leave."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

Connect = Callable[..., httpx.AsyncClient]
Store = Callable[..., Awaitable[None]]
Patiently = Callable[[], AbstractContextManager[Any]]
Noting = Callable[["ASGIApp", Callable[["Message"], None]], "ASGIApp"]

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINE, OTHER = 3, 4


@pytest.fixture(autouse=True)
def no_blocking(monkeypatch: pytest.MonkeyPatch, patiently: Patiently) -> None:
    """Let nothing hold up the event loop, or wait without an end."""
    Patient.patiently = staticmethod(patiently)
    said = "time.sleep holds up everybody else. asyncio has another sleep."
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail(said))


@pytest.fixture
def backwards(engine: "AsyncEngine") -> None:
    """Let SQLite deliver backwards what a query leaves unsorted."""

    @event.listens_for(engine.sync_engine, "checkout")
    def reverse(connection: "DBAPIConnection", *_: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA reverse_unordered_selects = ON")
        cursor.close()


@pytest.fixture
def store(sessions: "async_sessionmaker[AsyncSession]") -> Store:
    """Return a function that stores parcels, owners and scans, a minute an id."""
    from waybill.schemas import ScanKind
    from waybill.tables import Account, Parcel, Scan

    async def store(
        owners: dict[int, int], scans: dict[int, tuple[int, str, str]], noon: datetime
    ) -> None:
        async with sessions.begin() as session:
            for number in dict.fromkeys(owners.values()):
                session.add(Account(id=number, email=f"{number}@example.com"))
            await session.flush()
            for number, owner in owners.items():
                row = Parcel(id=number, tracking_code=f"WB{number}", owner_id=owner)
                row.to, row.weight_g, row.value = {}, 750, 5  # type: ignore[assignment]
                session.add(row)
            await session.flush()
            for number, (parcel, depot, kind) in scans.items():
                scan = Scan(id=number, parcel_id=parcel, depot=depot)
                scan.kind = ScanKind(kind)
                scan.at = noon + timedelta(minutes=number)
                session.add(scan)

    return store


@pytest.fixture
async def happen(
    sessions: "async_sessionmaker[AsyncSession]",
    store: Store,
    backwards: None,  # noqa: ARG001  # used for what it does
) -> Callable[..., Awaitable[None]]:
    """Return a function that stores a scan of a parcel, with an id of its own."""
    from waybill.schemas import ScanKind
    from waybill.tables import Scan

    await store({MINE: 1, OTHER: 1}, {}, NOON)

    async def happen(number: int, parcel: int = MINE, kind: str = "arrived") -> None:
        scan = Scan(id=number, parcel_id=parcel, depot="HAM", kind=ScanKind(kind))
        # In no order: clocks differ, and some scans are handed in late.
        scan.at = NOON + timedelta(minutes=number * 5 % 7, seconds=number)
        async with sessions.begin() as session:
            session.add(scan)

    return happen


class Patient:
    """Something that a task does, and that a check waits for."""

    patiently: Patiently
    pool: Any
    task: "asyncio.Future[Any]"

    async def settle(self) -> None:
        """Wait until the task has had time for a query, and none is under way."""
        with self.patiently():
            for _ in range(50):
                await asyncio.sleep(0)
                while self.pool.checkedout() and not self.task.done():  # noqa: ASYNC110
                    await asyncio.sleep(0)


class Watched(Patient):
    """A stream that a task reads, on a clock that a check moves: what came so far."""

    def __init__(self, follow: Any, pool: Any, times: int, **options: Any) -> None:  # noqa: ANN401
        self.seen: list[int] = []
        self.asked, self.times, self.most = 0, times, 0
        self.lent = {"a scan is out": 0, "it asks go_on": 0}
        self.news = asyncio.Event()
        self.pool = pool
        self.stream = follow(go_on=self.go_on, **options)
        assert hasattr(self.stream, "__aiter__"), (
            f"follow(…) returned {type(self.stream).__name__}, which `async for` can't "
            "go through. A function with `async def` and `yield` can be gone through."
        )
        self.task = asyncio.create_task(self._read())

    async def go_on(self) -> bool:
        """Say True as often as the check wants, then False."""
        self.lent["it asks go_on"] |= self.pool.checkedout()
        self.asked += 1
        return self.asked <= self.times

    async def _read(self) -> None:
        try:
            async for scan in self.stream:
                self.lent["a scan is out"] |= self.pool.checkedout()
                self.seen.append(scan.id)
                self.news.set()
                if len(self.seen) == self.most:
                    await self.stream.aclose()
        finally:
            self.news.set()

    async def after(self, seconds: float) -> None:
        """Let so many seconds pass; raise what ended the stream, if it was an error."""
        loop: Any = asyncio.get_running_loop()
        loop.clock = getattr(loop, "clock", [loop.time, 0.0])
        loop.clock[1] += seconds
        loop.time = lambda: loop.clock[0]() + loop.clock[1]
        await self.settle()
        self.raise_its_error()

    async def wait_for(self, number: int) -> None:
        """Wait until so many scans came, or the stream ends, or it takes too long."""
        with self.patiently():
            while len(self.seen) < number and not self.task.done():
                self.news.clear()
                await self.news.wait()
        await self.settle()
        self.raise_its_error()

    async def wait_for_end(self) -> None:
        """Wait until the stream ends, or it takes too long."""
        with self.patiently():
            await asyncio.wait({self.task})
        self.raise_its_error()

    async def leave(self, how: str) -> None:
        """Leave the stream, if nobody has: cancel its task, and perhaps close it."""
        if not self.most:
            self.task.cancel()
        await self.wait_for_end()
        if how == "closed" and hasattr(self.stream, "aclose"):
            await self.stream.aclose()
        await self.settle()

    def raise_its_error(self) -> None:
        """Raise what ended the stream, if it was an error."""
        if self.task.done() and not self.task.cancelled():
            self.task.result()


@pytest.fixture
async def watched(
    sessions: "async_sessionmaker[AsyncSession]",
    engine: "AsyncEngine",
) -> AsyncIterator[Callable[..., Watched]]:
    """Return a function that follows a parcel in a task, and ends it afterwards."""
    from waybill.events import follow

    tasks: list[asyncio.Task[None]] = []

    def watch(after: int = 0, pause: float = 0, times: int = 10**9) -> Watched:
        what = {"sessions": sessions, "parcel_id": MINE, "after": after, "pause": pause}
        one = Watched(follow, engine.pool, times, **what)
        tasks.append(one.task)
        return one

    yield watch
    sessions.class_ = Mock(side_effect=LookupError("nobody looks any more"))
    for task in tasks:
        task.cancel()
    with Patient.patiently():
        await asyncio.wait(tasks) if tasks else None


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a file's `app` that shows what the app raises."""
    async with connect(app) as client:
        yield client


@pytest.fixture
async def browser(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a file's `app` that reads a 500 where a server would send one."""
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


@pytest.fixture
def noting() -> Noting:
    """Return a function that makes an app note each message before it leaves."""

    def noting(app: "ASGIApp", note: Callable[["Message"], None]) -> "ASGIApp":
        async def noted(scope: "Scope", receive: "Receive", send: "Send") -> None:
            async def send_and_note(message: "Message") -> None:
                note(message)
                await send(message)

            await app(scope, receive, send_and_note)

        return noted

    return noting


class Stream(Patient):
    """A request that the app itself is sent, and that a check reads as it goes on."""

    def __init__(self, app: FastAPI, path: str, headers: dict[str, str]) -> None:
        self.status, self.text, self.lent = 0, "", 0
        self.news, self.gone = asyncio.Event(), asyncio.Event()
        self.pool: Any = app.state.sessions.kw["bind"].pool
        raw = [(name.lower().encode(), one.encode()) for name, one in headers.items()]
        scope = {"type": "http", "method": "GET", "path": path, "headers": raw}
        asgi = {"version": "3.0", "spec_version": "2.3"}
        scope |= {"query_string": b"", "asgi": asgi}
        self.asked = False
        self.task = asyncio.ensure_future(app(scope, self.receive, self.send))
        self.task.add_done_callback(lambda _: self.news.set())

    async def receive(self) -> "Message":
        """Say what the client does: it asks, and one day it leaves."""
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: "Message") -> None:
        """Take what the app sends, and note how many connections are lent."""
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"").decode()
        if message.get("body"):
            self.lent = max(self.lent, self.pool.checkedout())
        self.news.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until it is so, or the answer has ended, or it takes too long."""
        with self.patiently():
            while not is_so() and not self.task.done():
                self.news.clear()
                await self.news.wait()

    async def leave(self) -> None:
        """Leave, as a client does that closes its connection; wait for what follows."""
        # Between two queries: cut off while it closes, aiosqlite may never end.
        await self.settle()
        self.gone.set()
        await self.until(self.task.done)


@pytest.fixture
async def open_stream(app: FastAPI) -> AsyncIterator[Callable[..., Awaitable[Stream]]]:
    """Return a function that opens a stream of a file's `app`."""
    opened: list[Stream] = []

    async def open_stream(path: str, headers: dict[str, str]) -> Stream:
        stream = Stream(app, path, headers)
        opened.append(stream)
        await stream.until(lambda: bool(stream.status))
        return stream

    yield open_stream
    for stream in opened:
        await stream.leave()
