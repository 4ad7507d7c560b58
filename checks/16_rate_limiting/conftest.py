"""Fixtures of this lesson: a small app to be limited, and Redis in every condition."""

import asyncio
import shutil
import socket
import subprocess
import time
from collections import OrderedDict
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    ItemsView,
    Iterator,
    KeysView,
    ValuesView,
)
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

# Most katas of the lesson need neither.
if TYPE_CHECKING:
    from redis.asyncio import Redis
    from starlette.types import Message, Receive, Scope, Send

    from waybill.limits import Hit

HOW_TO_GET_REDIS = (
    "This kata needs a `redis-server` on the PATH. Debian, Ubuntu, or WSL on Windows: "
    "`sudo apt install redis-server`. macOS: `brew install redis`. Then run it again, "
    "or go on: the next katas work without."
)
LONGEST_START = 5.0
MOST_TURNS = 50
"""Turns of the loop until a piece of a stream has gone out."""


class Instant(float):
    """A time; the clock that gave it counts how often it is compared or calculated."""

    clock: "MovableClock"


def _counting(name: str) -> Callable[[Instant, float], float]:
    def operation(self: Instant, other: float) -> float:
        self.clock.used += 1
        result: float = getattr(float, name)(self, other)
        return result

    return operation


for _name in ("add", "radd", "sub", "rsub", "lt", "le", "gt", "ge"):
    setattr(Instant, f"__{_name}__", _counting(f"__{_name}__"))


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.asked = 0
        self.used = 0

    def __call__(self) -> float:
        """Return the seconds that it shows."""
        self.asked += 1
        instant = Instant(self.now)
        instant.clock = self
        return instant


@pytest.fixture
def clock() -> MovableClock:
    """A clock that a check moves; it knows how often it was asked, its times used."""
    return MovableClock()


class Noting(OrderedDict[str, Any]):
    """A dictionary; the clock counts which of its keys are gone through as well."""

    clock: MovableClock

    def __iter__(self) -> Iterator[str]:
        """Go through the keys, and count each."""
        for key in super().__iter__():
            self.clock.used += 1
            yield key

    def keys(self) -> KeysView[str]:  # type: ignore[override]  # goes through __iter__
        """Return the keys."""
        return KeysView(self)

    def values(self) -> ValuesView[Any]:  # type: ignore[override]  # as above
        """Return the values."""
        return ValuesView(self)

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]  # as above
        """Return the pairs."""
        return ItemsView(self)


@pytest.fixture
def noted_keys(clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Count a key that is gone through as a use of the clock."""
    from waybill import limits

    noting = type("Noting", (Noting,), {"clock": clock})
    monkeypatch.setattr(limits, "OrderedDict", noting, raising=False)


class Scripted:
    """A limiter that answers what it is told to, and notes who was counted."""

    def __init__(self, requests: int, seconds: float) -> None:
        from waybill.limits import Hit, Limit

        self.limit = Limit(requests, seconds)
        self.answer = Hit(True, 41, 0, 35.2)
        self.counted: list[str] = []

    async def hit(self, key: str) -> "Hit":
        """Note who was counted, and answer."""
        self.counted.append(key)
        return self.answer


@pytest.fixture
def scripted() -> Callable[[int, float], Any]:
    """Return what makes a limiter whose `answer` a check sets; see its `counted`."""
    return Scripted


@pytest.fixture
def visits() -> list[str]:
    """Notes which routes of the small app were reached."""
    return []


async def has_come(what: str, visits: list[str]) -> None:
    """Wait for a line, as many turns as whoever writes it may need."""
    for _ in range(MOST_TURNS):
        if what in visits:
            break
        await asyncio.sleep(0)


@pytest.fixture
def app(visits: list[str]) -> FastAPI:
    """A small app with the middleware around it, and a limiter to be scripted."""
    from waybill.limits import LimitMiddleware
    from waybill.settings import Settings

    app = FastAPI()
    app.state.settings = Settings(
        environment="development", secret_key="middleware-" * 4
    )
    app.state.limiter = Scripted(100, 60)

    @app.get("/parcels/{number}")
    async def parcel(number: int, response: Response) -> int:
        visits.append(f"parcel {number}")
        response.headers["X-Depot"] = "BER"
        return number

    @app.get("/own")
    async def own(response: Response) -> None:
        response.headers["RateLimit"] = '"own";r=3;t=9'

    @app.get("/busy")
    async def busy(response: Response) -> None:
        response.status_code = 503

    @app.get("/gone", status_code=204)
    async def gone() -> None: ...

    @app.get("/health")
    async def health() -> str:
        return "ok"

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def rows() -> AsyncIterator[str]:
            await has_come("sent the status", visits)
            for number in range(8):
                visits.append(f"made {number}")
                yield f"{number}\n"
                await has_come(f"sent {number}", visits)

        return StreamingResponse(rows())

    app.add_middleware(LimitMiddleware)
    return app


@pytest.fixture
def pieces() -> Callable[[FastAPI], Awaitable[tuple[list[str], list[str]]]]:
    """Return a function that tells what an app sent, and what of it went on."""
    kinds = [f"http.response.{kind}" for kind in ("start", "pathsend")]

    async def pass_on(app: FastAPI) -> tuple[list[str], list[str]]:
        from waybill.limits import LimitMiddleware

        came: list[str] = []

        async def note(message: "Message") -> None:
            came.append(message["type"])

        async def send_all(_scope: "Scope", _receive: "Receive", send: "Send") -> None:
            for kind in kinds:
                await send({"type": kind, "status": 200, "headers": [], "path": "/"})

        scope = {"type": "http", "method": "GET", "path": "/", "client": None}
        scope |= {"app": app, "headers": []}
        await LimitMiddleware(send_all)(scope, Request(scope).receive, note)
        return kinds, came

    return pass_on


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
        server.wait(LONGEST_START)


async def answers(redis: "Redis") -> None:
    """Wait until a Redis that was started answers; it takes some milliseconds."""
    from redis.exceptions import ConnectionError as NoConnectionError

    give_up = time.monotonic() + LONGEST_START
    while time.monotonic() < give_up:
        with suppress(NoConnectionError):
            await redis.ping()
            return
    raise AssertionError(f"The redis-server isn't up after {LONGEST_START} seconds.")


@pytest.fixture
async def workers(url: str) -> "AsyncIterator[list[Redis]]":
    """Two connections to an empty Redis, as two workers have."""
    from redis.asyncio import Redis

    async with Redis.from_url(url) as one, Redis.from_url(url) as two:
        await answers(one)
        await one.flushall()
        yield [one, two]


@pytest.fixture
def dead() -> str:
    """The URL of a Redis that isn't there: nobody listens on port 1."""
    return "redis://127.0.0.1:1"


@pytest.fixture
def connections() -> list[asyncio.StreamWriter]:
    """Holds each connection that was made to the silent Redis."""
    return []


@pytest.fixture
async def silent(connections: list[asyncio.StreamWriter]) -> AsyncIterator[str]:
    """The URL of a Redis that takes each connection and never answers."""

    async def say_nothing(
        _reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        connections.append(writer)

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    try:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        for writer in connections:
            writer.close()
        server.close()
