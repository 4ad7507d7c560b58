"""The plain back end: one fresh Python process for each run, on every system."""

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, cast

import psutil

from kata.runner.evidence import read_evidence
from kata.runner.report import Ending, Job, Report

SCRUBBED = ("PYTEST_", "PY_COLORS", "FORCE_COLOR", "CLICOLOR", "JPY_", "PYTHON", "MPL")
FLOOD = 10_000_000
"""Bytes of output after which a run is stopped."""
KEPT = 8_000
"""Bytes of output that are kept for the verdict."""
STEP = 0.05
"""Seconds between two looks at the clock."""
GRACE = 1.0
"""Seconds to wait for the end of a pipe that something else may still hold."""


class PlainRunner:
    """Runs each job in a process of its own, and ends whatever that leaves behind."""

    def run(self, job: Job) -> Report:
        """Run a job; interrupting it ends the child and nothing else."""
        with tempfile.TemporaryDirectory(prefix="kata-") as folder:
            stuck = Path(folder) / "stuck"
            nonce = secrets.token_hex(8)
            with _child(job) as process:
                said = _Reader(process.stdout, keep=FLOOD)
                printed = _Reader(process.stderr, keep=KEPT)
                _hand_over(process, job, nonce, stuck)
                ending = _wait(process, said, printed, nonce, job.time_limit)
            said.join()
            printed.join()
            return read_evidence(
                said.text(),
                nonce=nonce,
                ending=ending,
                returncode=process.returncode,
                printed=printed.text(),
                stuck=stuck.read_text(encoding="utf-8") if stuck.exists() else "",
                root=job.root,
            )


class _Reader(threading.Thread):
    """Reads a pipe to its end, and keeps the first part of it."""

    def __init__(self, pipe: IO[bytes] | None, keep: int) -> None:
        super().__init__(daemon=True)
        self.pipe, self.keep = cast("IO[bytes]", pipe), keep
        self.kept = bytearray()
        self.total = 0
        self.start()

    def run(self) -> None:
        with self.pipe:
            while chunk := os.read(self.pipe.fileno(), 1 << 16):
                self.total += len(chunk)
                self.kept += chunk[: max(0, self.keep - len(self.kept))]

    def join(self, timeout: float | None = GRACE) -> None:
        super().join(timeout)

    def text(self) -> str:
        return self.kept.decode("utf-8", "replace")


@contextmanager
def _child(job: Job) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-u", "-P", "-m", "kata.runner.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=job.root,
        env=_clean_environment(),
        bufsize=0,
        start_new_session=os.name == "posix",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        yield process
    finally:
        _end(process)


def _clean_environment() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(SCRUBBED)
    }
    return kept | {
        "NO_COLOR": "1",
        "PYTHONUTF8": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }


def _hand_over(
    process: subprocess.Popen[bytes], job: Job, nonce: str, stuck: Path
) -> None:
    message: dict[str, Any] = asdict(job) | {
        "nonce": nonce,
        "stuck": stuck,
        "dump_after": max(job.time_limit - 0.5, job.time_limit / 2),
        "config": job.checks.parent.parent / "pytest.ini",
    }
    pipe = cast("IO[bytes]", process.stdin)
    with suppress(OSError):  # it died before it read the job: the evidence says so
        pipe.write(json.dumps(message, default=str).encode() + b"\n")


def _wait(
    process: subprocess.Popen[bytes],
    said: _Reader,
    printed: _Reader,
    nonce: str,
    time_limit: float,
) -> Ending:
    deadline = time.monotonic() + time_limit
    done = f'"nonce": "{nonce}"'.encode()
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return Ending.DIED
        if printed.total > FLOOD or said.total >= FLOOD:
            return Ending.FLOODED
        if done in said.kept[-200:]:
            return Ending.FINISHED
        said.join(STEP)
    return Ending.TIMED_OUT


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the child with everything it started, and collect it."""
    try:
        started = psutil.Process(process.pid).children(recursive=True)
    except psutil.Error:
        started = []
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    for one in started:
        with suppress(psutil.Error):
            one.kill()
    process.kill()
    process.wait()
    with suppress(OSError):
        cast("IO[bytes]", process.stdin).close()
