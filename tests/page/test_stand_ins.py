"""Stand-ins that can be tried on any Python; `kata verify --page` tries all of them."""

import asyncio
import hashlib
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from kata.page.inside.stand_ins import databases, digests, network, processes, threads
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


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Path]:
    """A folder with a service, other than the one that is imported here."""
    (tmp_path / "waybill").mkdir()
    (tmp_path / "waybill" / "__init__.py").write_text("NAME = 'here'", "utf-8")
    before = dict(sys.modules)
    yield tmp_path
    for name in {*sys.modules} - {*before}:
        del sys.modules[name]


def test_a_program_in_python_runs_with_its_own_folder_variables_and_modules(
    service: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = sys.modules["waybill"] = ModuleType("waybill")
    ours.__file__ = "/elsewhere/waybill/__init__.py"
    monkeypatch.setenv("PARCEL", "ours")
    program = "import os, waybill; print(waybill.NAME, os.environ.get('PARCEL'))"
    before = (Path.cwd(), [*sys.path], [*sys.argv], dict(os.environ))
    done = processes.run(
        [sys.executable, "-B", "-c", program],
        cwd=service,
        env={"PATH": ""},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "here None\n", "")
    assert sys.modules["waybill"] is ours
    assert (Path.cwd(), [*sys.path], [*sys.argv], dict(os.environ)) == before


@pytest.mark.parametrize(
    ("program", "code", "said"),
    [
        ("raise SystemExit(3)", 3, ""),
        ("import sys; sys.exit('no parcels')", 1, "no parcels\n"),
        ("1 / 0", 1, "ZeroDivisionError: division by zero\n"),
    ],
)
def test_a_program_that_fails_ends_with_its_status_and_what_it_said(
    program: str, code: int, said: str
) -> None:
    done = processes.run(
        [sys.executable, "-c", program], capture_output=True, text=True
    )
    assert done.returncode == code
    assert done.stderr.endswith(said)
    with pytest.raises(subprocess.CalledProcessError):
        processes.run([sys.executable, "-c", program], capture_output=True, check=True)


def test_a_module_runs_as_a_program_with_its_arguments(tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text("import sys; print(sys.argv[1:])", "utf-8")
    command = [sys.executable, "-m", "tool", "a", "-b"]
    done = processes.run(command, cwd=tmp_path, stdout=subprocess.PIPE)
    assert done.stdout == b"['a', '-b']\n"


def test_what_is_no_program_in_python_is_refused_as_before() -> None:
    with pytest.raises(FileNotFoundError):
        processes.run(["no-such-program"], check=False)
