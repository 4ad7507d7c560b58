"""Stand-ins that can be tried on any Python; `kata verify --page` tries all of them."""

import asyncio
import hashlib
import sqlite3
import threading
from pathlib import Path

import pytest

from kata.page.inside.stand_ins import databases, digests, network, threads
from kata.page.inside.stand_ins.loops import DeadlockError, PageLoop, run


def test_a_loop_runs_timers_and_tasks_without_a_selector() -> None:
    async def both() -> list[int]:
        async def after(turns: int) -> int:
            for _ in range(turns):
                await asyncio.sleep(0)
            return turns

        return await asyncio.gather(after(2), after(1))

    assert run(both()) == [2, 1]


def test_a_wait_for_what_never_comes_is_said_and_does_not_hang() -> None:
    with pytest.raises(DeadlockError, match="Every task is waiting"):
        run(asyncio.Event().wait())
    with pytest.raises(DeadlockError, match="no threads"):
        threads.wait(threading.Event())


def test_inline_work_has_a_number_of_its_own() -> None:
    here = threads.get_ident()
    there = run(threads.run_sync(threads.get_ident))
    assert here != there
    assert threads.get_ident() == here


@pytest.mark.parametrize("length", [None, 16, 70])
def test_slow_hashes_are_those_of_python(length: int | None) -> None:
    ours = digests.pbkdf2_hmac("sha256", b"secret", b"salt", 3, length)
    assert ours == hashlib.pbkdf2_hmac("sha256", b"secret", b"salt", 3, length)


def test_nobody_waits_long_for_a_lock_whatever_a_connection_was_told(
    tmp_path: Path,
) -> None:
    def told(db: sqlite3.Connection) -> int:
        (wait,) = db.execute("PRAGMA busy_timeout").fetchone()
        return int(wait)

    holder = databases.connect(tmp_path / "a.db")
    holder.execute("BEGIN EXCLUSIVE")
    other = databases.connect(tmp_path / "a.db", timeout=60)
    assert (told(holder), told(other)) == (5_000, 60_000)
    other.cursor().execute("pragma busy_timeout = 600000;")
    assert told(other) == 600_000
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("CREATE TABLE a (b)")
    holder.close()
    other.close()


def test_server_and_client_of_one_process_meet_in_memory() -> None:
    received: list[bytes] = []

    class Echo(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def data_received(self, data: bytes) -> None:
            assert isinstance(self.transport, asyncio.WriteTransport)
            self.transport.write(data.upper())
            self.transport.close()

    class Client(asyncio.Protocol):
        def __init__(self, done: "asyncio.Future[None]") -> None:
            self.done = done

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.WriteTransport)
            transport.write(b"parcel")

        def data_received(self, data: bytes) -> None:
            received.append(data)

        def connection_lost(self, _: Exception | None) -> None:
            self.done.set_result(None)

    async def talk() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, PageLoop)
        server = await network.create_server(loop, Echo, port=0)
        port = server.sockets[0].getsockname()[1]
        done = loop.create_future()
        await network.create_connection(loop, lambda: Client(done), port=port)
        await done
        server.close()
        with pytest.raises(ConnectionRefusedError):
            await network.create_connection(loop, lambda: Client(done), port=port)

    run(talk())
    assert received == [b"PARCEL"]
