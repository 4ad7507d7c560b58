"""What checks of lesson 25 share: a server that hears signals, and real ones."""

import os
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
)
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    import asyncio

Patiently = Callable[[], AbstractContextManager[Any]]
Opened = Callable[[FastAPI], AbstractAsyncContextManager[None]]


@pytest.fixture
def heard() -> Iterator[list[Any]]:
    """What a server hears: it handles both signals, as uvicorn does."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in numbers}
    received: list[Any] = []
    for number in numbers:
        signal.signal(
            number,
            lambda *told: received.append((*told, threading.current_thread())),
        )
    yield received
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def drain_for(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return what sets how long an app drains."""
    return lambda seconds: monkeypatch.setenv("WAYBILL_DRAIN_SECONDS", str(seconds))


@pytest.fixture
def opened(patiently: Patiently) -> Opened:
    """Return what opens an app that drains; one that won't close isn't waited for."""

    @asynccontextmanager
    async def open_app(app: FastAPI) -> AsyncIterator[None]:
        from waybill.draining import drain

        manager = drain(app)
        await manager.__aenter__()
        try:
            yield
        finally:
            with patiently():
                await manager.__aexit__(None, None, None)

    return open_app


class Sleeper(selectors.SelectSelector):
    """Lets a signal arrive at the moment when a loop lies down to sleep."""

    def __init__(self) -> None:
        super().__init__()
        self.over: asyncio.Future[bool] | None = None

    def select(self, timeout: float | None = None) -> Any:  # noqa: ANN401
        """Wait for something to read, as a loop does when it has nothing to do."""
        if self.over is None or self.over.done() or timeout == 0:
            return super().select(timeout)
        signal.raise_signal(signal.SIGTERM)
        found = super().select(0.5)
        self.over.set_result(bool(found))
        return found


@pytest.fixture
def sleeper() -> Sleeper:
    """What a loop sleeps with, and a signal arrives meanwhile."""
    return Sleeper()


SERVER = """
import sys
from contextlib import AsyncExitStack, asynccontextmanager

import uvicorn
from fastapi import FastAPI
from waybill.draining import DrainingMiddleware, drain


@asynccontextmanager
async def lifespan(app):
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(drain(app))
        yield


app = FastAPI(lifespan=lifespan)
app.add_middleware(DrainingMiddleware)


@app.get("/ready")
async def ready():
    return "yes"


@app.get("/work")
async def work():
    return "done"


class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print(self.servers[0].sockets[0].getsockname()[1], flush=True)


Server(uvicorn.Config(app, port=0, log_config=None)).run()
"""


def started(folder: Path, seconds: float) -> subprocess.Popen[str]:
    """Start a real server that drains for so long."""
    import waybill

    (package,) = waybill.__path__
    kept = ("PATH", "SYSTEMROOT", "TMPDIR")
    environment = {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "PYTHONPATH": str(Path(package).parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "WAYBILL_DRAIN_SECONDS": str(seconds),
    }
    return subprocess.Popen(  # noqa: S603 - it is the learner's
        [sys.executable, "-c", SERVER],
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[[float], Any]]:
    """Return what starts a real server that drains for so long; all are ended."""
    running: list[subprocess.Popen[str]] = []

    def start(seconds: float) -> "subprocess.Popen[str]":
        running.append(started(tmp_path, seconds))
        return running[-1]

    yield start
    for one in running:
        one.kill()
        one.communicate()
