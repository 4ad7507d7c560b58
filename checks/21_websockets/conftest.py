"""What the checks of WebSockets share: screens that come, read slowly, and go."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from starlette.types import Message

Patiently = Callable[[], AbstractContextManager[Any]]
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
