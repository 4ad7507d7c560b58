"""A Waybill that is served by uvicorn, with a database of its own."""

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psutil
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from waybill.database import Sessions

KEY = secrets.token_urlsafe(48)
HOST = "127.0.0.1"
PATIENCE = 60
"""Seconds that a server may take to start, or to end after a kill."""
LONGEST_ANSWER = 300
"""Seconds that a client waits; a queue on a busy machine is long."""
KEEP_ALIVE = ("--timeout-keep-alive", "120")
"""A client that is kept busy must not find its connection closed."""


@dataclass(frozen=True)
class Caller:
    """An account, and what it shows."""

    id: int
    email: str
    headers: dict[str, str]


@dataclass
class Waybill:
    """What is attacked."""

    url: str
    log: Path
    process: psutil.Process
    sessions: "Sessions"

    def client(self, **options: object) -> httpx.AsyncClient:
        """Return a client that opens as many connections as it is told to."""
        limits = httpx.Limits(max_connections=None, keepalive_expiry=60)
        return httpx.AsyncClient(
            base_url=self.url, timeout=LONGEST_ANSWER, limits=limits, **options
        )

    async def callers(self, count: int, role: str = "sender") -> list[Caller]:
        """Add accounts, with tokens; they have no password."""
        from waybill.store import add_account
        from waybill.tables import Role

        callers = []
        async with self.sessions.begin() as session:
            for _ in range(count):
                email = f"{secrets.token_hex(8)}@example.com"
                account = await add_account(session, email, Role(role))
                callers.append(Caller(account.id, email, shown(account.id)))
        return callers

    def memory(self) -> float:
        """Return the MB that the server and its workers hold."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(one.memory_info().rss for one in family) / 1e6

    async def stop(self, patience: float) -> float | None:
        """Ask it to stop; return the seconds that it took, or None if it didn't."""
        start = time.perf_counter()
        self.process.send_signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(self.process.wait, patience)
        except psutil.TimeoutExpired:
            return None
        return time.perf_counter() - start


def shown(account_id: int) -> dict[str, str]:
    """Return the header that proves an account."""
    from waybill.tokens import issue_token

    token = issue_token(account_id, SecretStr(KEY), datetime.now(UTC))
    return {"Authorization": f"Bearer {token}"}


def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def environment(service: Path, **variables: str) -> dict[str, str]:
    """Return this process's variables without Waybill's, and some of its."""
    foreign = {k: v for k, v in os.environ.items() if not k.startswith("WAYBILL_")}
    path = os.pathsep.join([str(service), *sys.path])
    return {**foreign, **variables, "PYTHONPATH": path}


def start(
    options: Sequence[str], variables: dict[str, str], log: Path
) -> "subprocess.Popen[bytes]":
    """Start a server that writes to a log, and works beside it."""
    command = [sys.executable, "-m", "uvicorn", "waybill.main:app", *options]
    with log.open("wb") as output:
        return subprocess.Popen(
            command, cwd=log.parent, env=variables, stdout=output, stderr=output
        )


@asynccontextmanager
async def served(
    service: Path,
    folder: Path,
    database: str,
    options: Sequence[str],
    variables: dict[str, str],
) -> AsyncIterator[Waybill]:
    """Serve a Waybill in production until the block ends."""
    from sqlalchemy.ext.asyncio import async_sessionmaker

    from waybill.database import make_engine

    url = f"http://{HOST}:{(port := free_port())}"
    log = folder / "log.txt"
    own = {"WAYBILL_SECRET_KEY": KEY, "WAYBILL_DATABASE_URL": database}
    engine = make_engine(database)
    await make_tables(engine, database)
    process = start(
        ["--host", HOST, "--port", str(port), *KEEP_ALIVE, *options],
        environment(service, **own | variables),
        log,
    )
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    waybill = Waybill(url, log, psutil.Process(process.pid), sessions)
    try:
        await ready(waybill, process)
        yield waybill
    finally:
        await engine.dispose()
        await end(waybill.process)


async def make_tables(engine: "AsyncEngine", database: str) -> None:
    """Take the step before the start, and make what has a revision in exports only."""
    from waybill.tables import Base

    if find_spec("waybill.migrate"):  # a Waybill to compare with may be older
        from waybill.migrate import migrate

        await migrate(database)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


async def ready(waybill: Waybill, process: "subprocess.Popen[bytes]") -> None:
    """Wait until it answers."""
    limit = time.monotonic() + PATIENCE
    async with waybill.client() as client:
        while process.poll() is None and time.monotonic() < limit:
            try:
                await client.get("/health")
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                return
    said = waybill.log.read_text("utf-8", "replace")[-2000:]
    raise RuntimeError(f"Waybill did not start. It said: {said}")


async def end(process: psutil.Process) -> None:
    """End a server and its workers, whatever state they are in."""
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for one in family:
        try:
            one.kill()
        except psutil.NoSuchProcess:
            continue
    await asyncio.to_thread(psutil.wait_procs, family, PATIENCE)
