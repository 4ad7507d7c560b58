"""Fixtures of this lesson: parcels that are known, a clock, stores, and a Redis."""

import asyncio
import os
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# Most katas of the lesson need neither.
if TYPE_CHECKING:
    from redis.asyncio import Redis
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    from waybill.tables import Parcel, Scan

    Sessions = async_sessionmaker[AsyncSession]

Load = Callable[[], Awaitable[Any]]
HOW_TO_GET_REDIS = (
    "This kata needs a `redis-server` on the PATH. Debian, Ubuntu, or WSL on Windows: "
    "`sudo apt install redis-server`. macOS: `brew install redis`. Or go on without it."
)
LENA, BOB = 311, 17
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TO = {"name": "Zoë Ng", "street": "Torstraße 12", "city": "Berlin"}
TO |= {"postcode": "10119", "country": "DE"}


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 5000.0

    def __call__(self) -> float:
        """Return the seconds that it shows."""
        return self.now


@pytest.fixture
def clock() -> MovableClock:
    """A clock that a check moves."""
    return MovableClock()


class NotingStore:
    """Keeps all texts for ever, and notes what was asked of it."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.puts: list[tuple[str, str]] = []
        self.drops: list[str] = []
        self.turns = 1
        """Turns of the loop that an answer takes, as it does from another machine."""

    async def _on_the_way(self) -> None:
        for _ in range(self.turns):
            await asyncio.sleep(0)

    async def get(self, key: str) -> str | None:
        """Return what is kept."""
        await self._on_the_way()
        return self.kept.get(key)

    async def put(self, key: str, text: str) -> None:
        """Keep a text."""
        self.puts.append((key, text))
        await self._on_the_way()
        self.kept[key] = text

    async def drop(self, key: str) -> None:
        """Forget a text; it is noted when the answer has come back."""
        self.kept.pop(key, None)
        await self._on_the_way()
        self.drops.append(key)


@pytest.fixture
def store() -> NotingStore:
    """A store of the check's own: see its `kept`, `puts` and `drops`."""
    return NotingStore()


class Loads:
    """Loads that wait until they may go on, each with a text of its own."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.may_end: dict[str, asyncio.Event] = {}

    def of(self, name: str, result: object = ...) -> Load:
        """Return a load that returns, or raises, a result; or its own name."""
        gate = self.may_end.setdefault(name, asyncio.Event())

        async def load() -> Any:  # noqa: ANN401
            self.begun.append(name)
            await gate.wait()
            if isinstance(result, Exception):
                raise result
            return name if result is ... else result

        return load

    async def end(self, name: str) -> None:
        """Let a load go on, and everybody who waits for it."""
        self.may_end[name].set()
        await self.settle()

    async def settle(self) -> None:
        """Wait until everybody who can go on has gone on."""
        for _ in range(20):
            await asyncio.sleep(0)

    def go(self, caller: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Let a caller begin."""
        return asyncio.create_task(caller)

    async def results(self, callers: "list[asyncio.Task[Any]]") -> list[object]:
        """Return what callers got, or were told; nobody waits for ever."""
        _, waiting = await asyncio.wait(callers, timeout=2)
        for one in waiting:
            one.cancel()
        return [
            "nothing, and still waits"
            if one in waiting
            else "was cancelled"
            if one.cancelled()
            else one.exception() or one.result()
            for one in callers
        ]


@pytest.fixture
def loads() -> Loads:
    """Loads that a check lets go on when it likes."""
    return Loads()


@pytest.fixture
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A current folder without a `.env`, and no variable of Waybill's."""
    for name in list(os.environ):
        if name.upper().startswith("WAYBILL_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def keep(sessions: "Sessions") -> Callable[..., Awaitable[None]]:
    """Return a function that stores rows and commits them."""

    async def keep(*rows: object) -> None:
        async with sessions.begin() as session:
            for row in rows:
                session.add(row)
                await session.flush()

    return keep


@pytest.fixture
def parcel() -> "Callable[..., Parcel]":
    """Return a function that makes a parcel, which is not stored yet."""
    from waybill.tables import Parcel

    def make(number: int, owner: int = LENA, **columns: object) -> "Parcel":
        usual = {"id": number, "tracking_code": f"WB{number}", "to": dict(TO)}
        usual |= {"weight_g": 750, "value": Decimal("963.50"), "created_at": START}
        return Parcel(owner_id=owner, **(usual | columns))

    return make


@pytest.fixture
def scan() -> "Callable[..., Scan]":
    """Return a function that makes a scan, which is not stored yet."""
    from waybill.schemas import ScanKind
    from waybill.tables import Scan

    def make(
        parcel_id: int, number: int, kind: str = "arrived", depot: str = "BER"
    ) -> "Scan":
        at = START - timedelta(minutes=number)  # a later scan may tell of earlier times
        columns = {"parcel_id": parcel_id, "depot": depot, "at": at, "weight_g": 812}
        return Scan(id=number, kind=ScanKind(kind), **columns)

    return make


@pytest.fixture
async def known(
    keep: Callable[..., Awaitable[None]],
    parcel: "Callable[..., Parcel]",
    scan: "Callable[..., Scan]",
) -> None:
    """Two accounts, and parcels 7 and 70 of Lena's, 8 of Bob's; two have scans."""
    from waybill.tables import Account

    await keep(
        Account(id=LENA, email="lena@example.com"),
        Account(id=BOB, email="bob@example.com"),
    )
    await keep(parcel(7), parcel(70), parcel(8, BOB))
    await keep(
        scan(7, 1, "picked_up", "HAM"), scan(8, 2, "departed"), scan(7, 3, "arrived")
    )


@pytest.fixture
def seen(engine: "AsyncEngine") -> Iterator[Callable[[], object]]:
    """Return what tells which rows another connection sees."""
    file = str(engine.url.database)

    def seen() -> object:
        with closing(sqlite3.connect(file)) as connection:
            return [
                connection.execute(query).fetchall()
                for query in (
                    "SELECT id, weight_g FROM parcels ORDER BY id",
                    "SELECT id, depot FROM scans ORDER BY id",
                )
            ]

    return seen


class Dropping:
    """A store that notes each drop when it is done, and what others saw by then."""

    seconds = 60.0

    def __init__(self, seen: Callable[[], object], turns: int = 900) -> None:
        self.seen = seen
        self.turns = turns
        self.drops: list[str] = []
        self.saw: list[object] = []

    async def get(self, _key: str) -> None:
        """Have nothing."""

    async def put(self, _key: str, _text: str) -> None:
        """Keep nothing."""

    async def drop(self, key: str) -> None:
        """Note a drop, after more turns than any commit takes by itself."""
        self.saw.append(self.seen())
        for _ in range(self.turns):
            await asyncio.sleep(0)
        self.drops.append(key)


@pytest.fixture
def dropping(seen: Callable[[], object]) -> Callable[[], Dropping]:
    """Return what makes a store that notes drops, and what others saw by then."""
    return lambda: Dropping(seen)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of our own, which keeps nothing and stops afterwards."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        pytest.skip(HOW_TO_GET_REDIS)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    settings = f"--port {port} --bind 127.0.0.1 --appendonly no --save".split()
    server = subprocess.Popen(  # noqa: S603 - what is started is found above
        [program, *settings, "", "--dir", str(tmp_path_factory.mktemp("redis"))],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"redis://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(5)


@pytest.fixture
async def workers(url: str) -> "AsyncIterator[list[Redis]]":
    """Two connections to an empty Redis, as two workers have."""
    from redis.asyncio import Redis
    from redis.asyncio.retry import Retry
    from redis.backoff import ConstantBackoff

    patient = Retry(ConstantBackoff(0.02), 250)  # it takes a moment to start
    async with Redis.from_url(url, retry=patient) as first:
        await first.flushall()
    async with Redis.from_url(url) as one, Redis.from_url(url) as two:
        yield [one, two]
