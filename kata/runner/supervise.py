"""What all back ends with processes share: give a child its job, watch it, end it."""

import json
import os
import secrets
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Protocol

from kata.runner.evidence import read_evidence
from kata.runner.report import Ending, Job, Report
from kata.workspace.development import DEVELOPMENT

SCRUBBED = (
    *("PYTEST_", "PY_COLORS", "FORCE_COLOR", "CLICOLOR", "JPY_", "PYTHON", "MPL"),
    *("WAYBILL_", "KATA_WARM"),
)
"""Beginnings of variables that are no business of the checks: each sets its own."""
FLOOD = 10_000_000
"""Bytes of output after which a run is stopped."""
KEPT = 8_000
"""Bytes of output that are kept for the verdict."""
STEP = 0.05
"""Seconds between two looks at the clock, where a child says nothing."""
GRACE = 1.0
"""Seconds to wait for the end of a pipe that something else may still hold."""


class Child(Protocol):
    """A process that runs `kata.runner.child.main.main`, whoever started it."""

    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]

    def gone(self) -> bool:
        """Tell whether it has ended."""

    def end(self) -> int:
        """Kill it with everything it started; return its exit status, as Popen does."""


def supervise(child: Child, job: Job) -> Report:
    """Let a new child run a job, and say what happened; the child never outlives it."""
    nonce = secrets.token_hex(8)
    with tempfile.TemporaryDirectory(
        prefix="kata-", ignore_cleanup_errors=True
    ) as folder:
        stuck = Path(folder) / "stuck"
        (Path(folder) / "empty").mkdir()
        news = threading.Event()
        said = _Reader(child.stdout, FLOOD, news)
        printed = _Reader(child.stderr, KEPT, news)
        try:
            _hand_over(child.stdin, job, nonce, stuck)
            ending = _wait(child, said, printed, nonce, job.time_limit)
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


def name_suite(pipe: IO[bytes], suite: Path, *, ahead: bool = False) -> None:
    """Tell a new child where the checks lie, so that it can get ready for a job.

    `ahead` of time, it imports whatever the job might need.
    """
    with suppress(OSError):  # it died at once: the evidence will say so
        message = {"suite": str(suite), "ahead": ahead}
        pipe.write(json.dumps(message).encode() + b"\n")


def stamps(suite: Path) -> list[tuple[Path, int]]:
    """Return when the files were written that a child reads before it has a job."""
    files = (suite / "pytest.ini", suite / "conftest.py")
    return [(file, file.stat().st_mtime_ns if file.exists() else 0) for file in files]


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what would change a child's verdict."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(SCRUBBED)
    }
    return {
        **kept,
        **DEVELOPMENT,
        "NO_COLOR": "1",
        "PYTHONUTF8": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }


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
        # By the wall clock, which the child shares: it may take long to wake up.
        "dump_at": time.time() + max(job.time_limit - 0.5, job.time_limit / 2),
        "environment": clean_environment(),
    }
    with suppress(OSError):  # it died before it read the job: the evidence says so
        pipe.write(json.dumps(message, default=str).encode() + b"\n")


def _wait(
    child: Child, said: _Reader, printed: _Reader, nonce: str, time_limit: float
) -> Ending:
    deadline = time.monotonic() + time_limit
    done = f'"nonce": "{nonce}"'.encode()
    while time.monotonic() < deadline:
        if child.gone():
            return Ending.DIED
        if printed.total > FLOOD or said.total >= FLOOD:
            return Ending.FLOODED
        if done in said.kept[-200:]:
            return Ending.FINISHED
        # A child that has closed its pipe is about to end: look again at once.
        said.news.wait(STEP / 10 if said.ended else STEP)
        said.news.clear()
    return Ending.TIMED_OUT
