"""What all back ends with processes share: give a child its job, watch it, end it."""

import json
import os
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Protocol

from kata.errors import KataError
from kata.runner.child.where import ONCE, QUESTION
from kata.runner.clock import Clock
from kata.runner.environment import environment_of_a_run
from kata.runner.evidence import read_evidence
from kata.runner.processes import clock_of
from kata.runner.report import FLOOD, KEPT, Ending, Job, Report

STEP = 0.05
"""Seconds between two looks at a child that says nothing."""
PATIENCE = 5.0
"""Seconds to wait for a child that is to say which lines it is at."""
GRACE = 1.0
"""Seconds to wait for the end of a pipe that something else may still hold."""

MEMORY = Path("/dev/shm")  # noqa: S108 - what lies in it gets a name nobody can guess
"""Where Linux keeps files in memory."""
ROOM = 1_000_000_000
"""Bytes that have to be free there. A container may have far less."""


class Child(Protocol):
    """A process that runs `kata.runner.child.main.main`, whoever started it."""

    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]

    @property
    def pid(self) -> int:
        """Its process id."""

    def gone(self) -> bool:
        """Tell whether it has ended."""

    def end(self) -> int:
        """Kill it with everything it started; return its exit status, as Popen does."""


def supervise(child: Child, job: Job) -> Report:
    """Let a new child run a job, and say what happened; the child never outlives it."""
    nonce = secrets.token_hex(8)
    with tempfile.TemporaryDirectory(
        prefix="kata-", dir=in_memory(), ignore_cleanup_errors=True
    ) as folder:
        stuck = Path(folder) / "stuck"
        (Path(folder) / "empty").mkdir()
        news = threading.Event()
        try:
            with within_the_limits_of_this_machine():
                said = _Reader(child.stdout, FLOOD, news)
                printed = _Reader(child.stderr, KEPT, news)
            _hand_over(child.stdin, job, nonce, stuck)
            clock = clock_of(child.pid, job.time_limit)
            ending = _wait(child, said, printed, nonce, clock)
            if clock.begun and ending not in {Ending.FINISHED, Ending.DIED}:
                _ask_where(child, stuck)
        finally:
            returncode = child.end()
        said.join(GRACE)
        printed.join(GRACE)
        return read_evidence(
            said.text(),
            nonce=nonce,
            ending=ending,
            returncode=returncode,
            printed=printed.text(),
            stuck=stuck.read_text(encoding="utf-8") if stuck.exists() else "",
            root=job.root,
        )


def in_memory() -> Path | None:
    """Return a folder that lies in memory, if there is one with room enough.

    A database waits for a disk at each commit, and a busy one takes its time.
    """
    try:
        return MEMORY if shutil.disk_usage(MEMORY).free > ROOM else None
    except OSError:
        return None


@contextmanager
def within_the_limits_of_this_machine() -> Iterator[None]:
    """Say in a sentence that no process or thread can be started here."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        raise KataError(
            f"This machine does not let you start another program: {error}.",
            "Close notebooks and programs that you do not need, then try again. On a "
            "shared server, those who run it can raise the limit.",
        ) from error


def name_suite(
    pipe: IO[bytes], suite: Path, *, ahead: bool = False, service: Path | None = None
) -> None:
    """Tell a new child where the checks lie, so that it can get ready for a job.

    `ahead` of time, it imports whatever the job might need, or what the `service` that
    is there already does.
    """
    with suppress(OSError):  # it died at once: the evidence will say so
        message = {"suite": suite, "ahead": ahead, "service": service}
        pipe.write(json.dumps(message, default=str).encode() + b"\n")


def stamps(suite: Path) -> list[tuple[Path, int]]:
    """Return when the files were written that a child reads before it has a job."""
    files = (suite / "pytest.ini", suite / "conftest.py")
    return [(file, file.stat().st_mtime_ns if file.exists() else 0) for file in files]


class _Reader(threading.Thread):
    """Reads a pipe to its end, keeps the first part of it, and rings for each chunk."""

    def __init__(self, pipe: IO[bytes], keep: int, news: threading.Event) -> None:
        super().__init__(daemon=True)
        self.pipe, self.keep, self.news = pipe, keep, news
        self.kept = bytearray()
        self.total = 0
        self.ended = False
        self.start()

    def run(self) -> None:
        with self.pipe:
            while chunk := os.read(self.pipe.fileno(), 1 << 16):
                self.total += len(chunk)
                self.kept += chunk[: max(0, self.keep - len(self.kept))]
                self.news.set()
        self.ended = True
        self.news.set()

    def text(self) -> str:
        return self.kept.decode("utf-8", "replace")


def _hand_over(pipe: IO[bytes], job: Job, nonce: str, stuck: Path) -> None:
    message: dict[str, Any] = asdict(job) | {
        "nonce": nonce,
        "stuck": stuck,
        "folder": stuck.with_name("empty"),
        "environment": environment_of_a_run(stuck.parent),
    }
    with suppress(OSError):  # it died before it read the job: the evidence says so
        pipe.write(json.dumps(message, default=str).encode() + b"\n")


def _wait(
    child: Child, said: _Reader, printed: _Reader, nonce: str, clock: Clock
) -> Ending:
    done = f'"nonce": "{nonce}"'.encode()
    while True:
        if child.gone():
            return Ending.DIED
        if printed.total > FLOOD or said.total >= FLOOD:
            return Ending.FLOODED
        if done in said.kept[-200:]:
            return Ending.FINISHED
        if said.total and not clock.begun:
            clock.begin()
        if ending := clock.look():
            return ending
        # A child that has closed its pipe is about to end: look again at once.
        said.news.wait(STEP / 10 if said.ended else STEP)
        said.news.clear()


def _ask_where(child: Child, stuck: Path) -> None:
    """Have a child write into a file which lines it is at; see `child.main`."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not child.gone():
        said = stuck.read_text(encoding="utf-8", errors="replace")
        if QUESTION is None:
            if said:  # it writes from time to time, without being asked
                return
        elif said.count(ONCE) > 1:  # the second answer begins when the first is whole
            return
        else:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(child.pid, QUESTION)
        time.sleep(STEP)
