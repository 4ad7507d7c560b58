"""Fixtures of this lesson: an app inside a layer, and who asks it without a server."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_TURNS = 50
"""Turns of the loop until a message has gone out."""

START = {"type": "http.response.start", "status": 200, "headers": []}
FIRST = {"type": "http.response.body", "body": b"one", "more_body": True}
SECOND = {"type": "http.response.body", "body": b"two", "more_body": True}
LAST = {"type": "http.response.body", "body": b""}


@pytest.fixture
def stand() -> Callable[..., Any]:
    """Return what stands one of `layers`, by its name, around an app."""

    def stand(name: str, app: "FastAPI", inside: "ASGIApp | None" = None) -> "ASGIApp":
        from waybill import layers

        function = getattr(layers, name)
        assert function in layers.layers, (
            f"`{name}` is not in `layers`, so it stands around nothing. Keep the line "
            f"`layers.append({name})`."
        )
        cls, options, named = function(app)
        layer: ASGIApp = cls(inside or app, *options, **named)

        async def called(scope: "Scope", receive: "Receive", send: "Send") -> None:
            await layer({**scope, "app": app}, receive, send)

        return called

    return stand


@pytest.fixture
def layers() -> Iterator[list[Any]]:
    """The list `layers`, which is as before when the check ends."""
    from waybill.layers import layers

    before = [*layers]
    yield layers
    layers[:] = before


@pytest.fixture
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A current folder without a `.env`, and no variable of Waybill's."""
    for name in list(os.environ):
        if name.upper().startswith("WAYBILL_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def http() -> Callable[..., dict[str, Any]]:
    """Return a function that makes the scope of a request."""

    def http(**more: object) -> dict[str, Any]:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/film",
            "raw_path": b"/film",
            "query_string": b"",
            "root_path": "",
            "headers": [],
            "server": ("waybill", 80),
            "client": ("192.0.2.1", 4711),
        }
        return {**scope, **more}

    return http


async def nothing() -> "Message":
    """Receive an empty body; after it, the client stays."""
    return {"type": "http.request", "body": b"", "more_body": False}


@pytest.fixture
def follow(
    http: Callable[..., dict[str, Any]],
) -> Callable[..., Awaitable[list[int]]]:
    """Return what sends pieces through a layer, and tells how many came at once.

    The app inside sends one message after the other, and waits after each; the list
    says how many the client had by then.
    """

    async def follow(
        wrap: "Callable[[ASGIApp], ASGIApp]",
        messages: "Sequence[Message]" = (START, FIRST, SECOND, LAST),
        **scope: object,
    ) -> list[int]:
        came: list[Message] = []
        counts: list[int] = []

        async def inside(_scope: "Scope", _receive: "Receive", send: "Send") -> None:
            for message in messages:
                sending = asyncio.ensure_future(send({**message}))
                for _ in range(MOST_TURNS):
                    await asyncio.sleep(0)
                counts.append(len(came))
                await sending

        async def client(message: "Message") -> None:
            came.append(message)

        await wrap(inside)(http(**scope), nothing, client)
        return counts

    return follow


@pytest.fixture
def as_they_are() -> Callable[..., Awaitable[None]]:
    """Return what sees to it that scopes of other types pass a layer untouched."""

    async def as_they_are(
        wrap: "Callable[[ASGIApp], ASGIApp]",
        inside: Callable[[], object] = lambda: None,
        wanted: object = None,
    ) -> None:
        headers = [(b"x-request-id", b"shop-17"), (b"authorization", b"Bearer x")]
        headers += [(b"content-length", b"99999999"), (b"accept-encoding", b"gzip")]
        sent: list[Message]
        for kind, said in (
            ("lifespan", [{"type": "lifespan.startup.complete"}]),
            ("websocket", [{"type": "websocket.accept", "headers": []}]),
            (
                "websocket",
                [
                    {"type": "websocket.http.response.start", **START_403},
                    {"type": "websocket.http.response.body", "body": b"no"},
                ],
            ),
        ):
            seen: list[Any] = []
            sent = []

            async def app(
                scope: "Scope",
                receive: "Receive",
                send: "Send",
                said: list[Any] = said,
                seen: list[Any] = seen,
            ) -> None:
                seen.append((scope, await receive(), inside()))
                for message in said:
                    await send({**message})

            async def client(message: "Message", sent: list[Any] = sent) -> None:
                sent.append(message)

            scope: dict[str, Any] = {"type": kind, "app": object()}
            if kind == "websocket":
                scope |= {"path": "/live", "headers": [*headers], "scheme": "wss"}
                scope |= {"query_string": b"", "root_path": "", "subprotocols": []}
            before = {**scope}
            try:
                await wrap(app)(scope, nothing, client)
            except (KeyError, AttributeError, AssertionError) as error:
                raise AssertionError(
                    f"A scope of the type {kind!r} came, and the layer raised "
                    f"{type(error).__name__}: {error}. It has no method or no headers: "
                    'hand it on as it is where `scope["type"]` isn\'t "http".'
                ) from None
            what = f"A scope of the type {kind!r} came"
            assert len(seen) == 1, f"{what}, and the app was called {len(seen)} times."
            assert seen[0][0] == before, f"{what}, and the app got {seen[0][0]}."
            assert sent == said, (
                f"{what}. The app said {said}, and the client got {sent}. Only HTTP "
                "is this layer's business."
            )
            assert seen[0][2] == wanted, (
                f"{what}, and inside the layer {seen[0][2]!r} was found; it should be "
                f"{wanted!r}, as before. Only HTTP is this layer's business."
            )

    return as_they_are


START_403 = {"status": 403, "headers": []}


class Clock:
    """A clock that a check moves."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """Return the seconds that it shows."""
        return self.now


@pytest.fixture(params=[0.0, 1000.0], ids=["at 0", "at 1000"])
def clock(request: pytest.FixtureRequest) -> Clock:
    """A clock; where it begins is no matter."""
    return Clock(request.param)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return a function that tells what was logged by `waybill.requests` since."""
    caplog.set_level(logging.DEBUG, logger="waybill")

    def lines() -> list[str]:
        said = []
        for record in caplog.records:
            if record.name.startswith("waybill"):
                assert record.name == "waybill.requests", (
                    f"{record.name!r} logged {record.getMessage()!r}. Use `log`, which "
                    "is given."
                )
                assert record.levelname == "INFO", (
                    f"{record.getMessage()!r} was logged at {record.levelname}; INFO "
                    "is wanted."
                )
                said.append(record.getMessage())
        caplog.clear()
        return said

    return lines


@pytest.fixture
def timed(clock: Clock) -> "FastAPI":
    """An app whose work takes time, by the clock of the check."""
    from fastapi import BackgroundTasks, FastAPI, HTTPException
    from fastapi.responses import StreamingResponse

    app = FastAPI()

    @app.api_route("/v1/rates/DE", methods=["GET", "POST", "HEAD"])
    async def quick() -> str:
        clock.now += 0.25
        return "done"

    @app.get("/v1/exports/parcels.csv")
    async def stream(pieces: int = 3, torn: int = -1) -> StreamingResponse:
        async def play() -> AsyncIterator[bytes]:
            for number in range(pieces):
                if number == torn:
                    raise RuntimeError("the film has torn")
                clock.now += 2
                yield b"reel "

        return StreamingResponse(play())

    @app.get("/later")
    async def later(tasks: BackgroundTasks) -> str:
        async def work() -> None:
            clock.now += 40

        clock.now += 0.125
        tasks.add_task(work)
        return "done"

    @app.get("/fail/{status}")
    async def fail(status: int) -> None:
        clock.now += 0.5
        raise HTTPException(status) if status != 500 else RuntimeError("crash")

    @app.get("/names/{name}")
    async def name(name: str) -> int:
        return len(name)

    return app
