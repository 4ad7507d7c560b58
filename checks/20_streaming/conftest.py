"""What the checks of streaming.events need: parcels, clients, and a server to leave."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

Connect = Callable[..., httpx.AsyncClient]
Store = Callable[..., Awaitable[None]]
Noting = Callable[["ASGIApp", Callable[["Message"], None]], "ASGIApp"]
Leave = Callable[[str], Awaitable[SimpleNamespace]]

TO = {"name": "Zoë Ng", "city": "Berlin", "country": "DE"}
SOON = 1.5  # Seconds in which everything has happened that should happen at once.


@pytest.fixture
def store(sessions: "async_sessionmaker[AsyncSession]") -> Store:
    """Return a function that stores parcels, their owners and their scans.

    A scan happened as many minutes after noon as its id says.
    """
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
                row.to, row.weight_g, row.value = TO, 750, 5  # type: ignore[assignment]
                session.add(row)
            await session.flush()
            for number, (parcel, depot, kind) in scans.items():
                scan = Scan(id=number, parcel_id=parcel, depot=depot)
                scan.kind = ScanKind(kind)
                scan.at = noon + timedelta(minutes=number)
                session.add(scan)

    return store


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


@pytest.fixture
def leave(app: FastAPI, engine: "AsyncEngine") -> Leave:
    """Return a function that reads one event of a file's `app` and leaves.

    It returns the `status` that was read, and what is left soon after: how many `tasks`
    of the server, how many connections that are `lent`.
    """
    pool: Any = engine.pool

    async def leave(path: str) -> SimpleNamespace:
        async with served(app) as address:
            before = asyncio.all_tasks()
            async with (
                httpx.AsyncClient(base_url=address, trust_env=False) as client,
                client.stream("GET", path) as response,
            ):
                lines = response.aiter_lines()
                with anyio.move_on_after(SOON):
                    while not (await anext(lines, "end")).startswith(("event:", "end")):
                        pass
            await soon(lambda: not (asyncio.all_tasks() - before or pool.checkedout()))
            left = asyncio.all_tasks() - before
            lent = pool.checkedout()
            for task in left:
                task.cancel()
        return SimpleNamespace(status=response.status_code, tasks=len(left), lent=lent)

    return leave


async def soon(is_so: Callable[[], bool]) -> None:
    """Wait until it is so, or it takes too long."""
    with anyio.move_on_after(SOON):
        while not is_so():  # noqa: ASYNC110  # nothing tells of it
            await asyncio.sleep(0.001)


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """Serve an app by uvicorn on a free port; give its address."""
    import uvicorn

    config = uvicorn.Config(app, log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    # It leaves the signals of this process alone.
    server.capture_signals = nullcontext  # type: ignore[method-assign,assignment]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await soon(lambda: server.started)
            yield "http://{}:{}".format(*listener.getsockname())
        finally:
            server.should_exit = server.force_exit = True
            await task
