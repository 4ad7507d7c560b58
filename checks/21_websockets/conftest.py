"""What the checks of WebSockets share: screens that come, read slowly, and go."""

import asyncio
import inspect
import json
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI, WebSocket
from pydantic import TypeAdapter

if TYPE_CHECKING:
    from redis.asyncio import Redis
    from starlette.types import Message

    from waybill.hub import Hub

HOW_TO_GET_REDIS = (
    "This kata needs a `redis-server` on the PATH. Debian, Ubuntu, or WSL on Windows: "
    "`sudo apt install redis-server`. macOS: `brew install redis`. Then run it again, "
    "or go on: the next katas work without."
)
Patiently = Callable[[], AbstractContextManager[Any]]
Until = Callable[[Callable[[], bool | Awaitable[bool]]], Awaitable[None]]
TURNS = 60
"""Turns of the loop in which whatever has work to do does it."""


async def settle() -> None:
    """Let everybody do what there is to do."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


class Client:
    """Somebody who has connected, as an app and its server see it."""

    patiently: Patiently

    def __init__(self, app: FastAPI, address: str, headers: dict[str, str]) -> None:
        self.accepted, self.refused = False, False
        self.code: int | None = None
        """With which code the app has closed the connection."""
        self.texts: list[str] = []
        self.dead = False
        self.reads = asyncio.Event()
        """While it is cleared, nothing more fits into the network's buffers."""
        self.reads.set()
        self.news = asyncio.Event()
        self.inbox: asyncio.Queue[Message] = asyncio.Queue()
        self.inbox.put_nowait({"type": "websocket.connect"})
        path, _, query = address.partition("?")
        raw = [(name.lower().encode(), one.encode()) for name, one in headers.items()]
        scope = {"type": "websocket", "scheme": "ws", "path": path, "headers": raw}
        scope |= {"query_string": query.encode(), "client": ("127.0.0.1", 5000)}
        scope |= {"subprotocols": [], "extensions": {"websocket.http.response": {}}}
        self.task = asyncio.ensure_future(app(scope, self.inbox.get, self.send))
        self.task.add_done_callback(lambda _: self.news.set())

    async def send(self, message: "Message") -> None:
        """Take what the app sends, as uvicorn would."""
        kind = message["type"]
        if kind == "websocket.send":
            await self.reads.wait()
        if self.dead and self.accepted:
            raise OSError("the connection is lost")
        if kind == "websocket.accept":
            self.accepted = True
        elif kind == "websocket.send":
            self.texts.append(message.get("text") or repr(message.get("bytes")))
        elif kind == "websocket.close" and self.accepted:
            self.code = int(message.get("code", 1000))
            self.inbox.put_nowait({"type": "websocket.disconnect", "code": self.code})
        else:  # closed before it was accepted, or answered like a request
            self.refused = True
        self.news.set()

    def say(self, what: str | bytes | dict[str, object]) -> None:
        """Send something to the app; a dictionary as JSON."""
        text = json.dumps(what) if isinstance(what, dict) else what
        kind = "bytes" if isinstance(text, bytes) else "text"
        self.inbox.put_nowait({"type": "websocket.receive", kind: text})

    def leave(self) -> None:
        """Close the connection, as a page does that is left."""
        self.inbox.put_nowait({"type": "websocket.disconnect", "code": 1001})

    def go(self, how: str) -> None:
        """Leave, or die without a word, or be thrown out by the server."""
        if how == "leave":
            self.leave()
        elif how == "die":
            self.dead = True
        else:
            self.task.cancel()

    def read(self) -> list[dict[str, Any]]:
        """Return what came since the last call."""
        came = [json.loads(text) for text in self.texts]
        self.texts.clear()
        return came

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until it is so, or the app is done with it, or it takes too long."""
        with self.patiently():
            while not is_so() and not self.task.done():
                self.news.clear()
                await self.news.wait()
        await settle()

    async def answered(self) -> None:
        """Wait until it is accepted or refused."""
        await self.until(lambda: self.accepted or self.refused)

    @property
    def how_it_stands(self) -> str:
        """Say whether the connection has ended, and why."""
        if self.error:
            return f"The connection ended with {self.error!r}."
        return "The connection has ended." if self.task.done() else ""

    @property
    def error(self) -> BaseException | None:
        """What the app has raised, if it has."""
        if not self.task.done() or self.task.cancelled():
            return None
        return self.task.exception()


Open = Callable[..., Awaitable[Client]]


@pytest.fixture
async def open_client(
    patiently: Patiently, record_property: Callable[[str, object], None]
) -> AsyncIterator[Open]:
    """Return a function that connects to an app, without a server.

    Whoever still is connected afterwards is thrown out.
    """
    Client.patiently = staticmethod(patiently)
    clients: list[Client] = []

    async def open_client(
        app: FastAPI, address: str, headers: dict[str, str] | None = None
    ) -> Client:
        client = Client(app, address, headers or {})
        clients.append(client)
        await client.answered()
        return client

    yield open_client
    for client in clients:
        client.task.cancel()
    if clients:
        with patiently():
            await asyncio.wait([client.task for client in clients])
    for client in clients:
        if client.error:
            record_property("raised", client.error)


@pytest.fixture
def settled() -> Callable[[], Awaitable[None]]:
    """Return a function that lets everybody do what there is to do."""
    return settle


@pytest.fixture
def later() -> Callable[[float], Awaitable[None]]:
    """Return a function that lets so many seconds pass, at once."""

    async def later(seconds: float) -> None:
        loop: Any = asyncio.get_running_loop()
        loop.clock = getattr(loop, "clock", [loop.time, 0.0])
        loop.clock[1] += seconds
        loop.time = lambda: loop.clock[0]() + loop.clock[1]
        await settle()

    return later


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A Redis of our own, which keeps nothing and stops afterwards."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        pytest.skip(HOW_TO_GET_REDIS)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    settings = f"--port {port} --bind 127.0.0.1 --appendonly no --save".split()
    server = subprocess.Popen(  # noqa: S603 - what is started is found above
        [program, *settings, ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield f"redis://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(5)


@pytest.fixture(scope="session")
def until() -> Until:
    """Return a function that waits until it is so; after a long wait, others are short.

    Turns of the loop are counted: a busy machine takes longer for each.
    """
    enough = [800]

    async def until(is_so: Callable[[], bool | Awaitable[bool]]) -> None:
        for _ in range(enough[-1]):
            answer = is_so()
            if answer if isinstance(answer, bool) else await answer:
                return
            await asyncio.sleep(0.005)
        enough.append(20)

    return until


@pytest.fixture
async def redis(url: str, until: Until) -> "AsyncIterator[Redis]":
    """A connection to it that belongs to nobody."""
    from redis.asyncio import Redis
    from redis.exceptions import ConnectionError as NoConnectionError

    async with Redis.from_url(url) as redis:

        async def answers() -> bool:
            with suppress(NoConnectionError):
                return bool(await redis.ping())
            return False

        await until(answers)
        yield redis


@pytest.fixture
def hub() -> "Hub":
    """A hub of a check's own."""
    from waybill.hub import Hub

    return Hub()


@pytest.fixture
def app(hub: "Hub") -> FastAPI:
    """An app whose route lets anybody watch, as the account in the path."""
    from waybill.screens import attend

    app = FastAPI()

    @app.websocket("/{depot}/{account_id}")
    async def watch(websocket: WebSocket, depot: str, account_id: int) -> None:
        await attend(websocket, hub, depot, account_id, pause=0)

    @app.websocket("/slowly/{depot}/{account_id}")
    async def slowly(websocket: WebSocket, depot: str, account_id: int) -> None:
        await attend(websocket, hub, depot, account_id, pause=60)

    return app


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long each text was that somebody has parsed as JSON."""
    lengths: list[int] = []

    def noting(owner: object, name: str) -> None:
        real = getattr(owner, name)

        def note(*values: Any, **options: Any) -> Any:  # noqa: ANN401
            lengths.extend(len(one) for one in values if isinstance(one, str | bytes))
            return real(*values, **options)

        monkeypatch.setattr(owner, name, note)

    noting(TypeAdapter, "validate_json")
    noting(json, "loads")
    return lengths


@pytest.fixture
def usual_pause() -> float:
    """How long `attend` pauses where nobody says how long."""
    from waybill.screens import attend

    return float(inspect.signature(attend).parameters["pause"].default)
