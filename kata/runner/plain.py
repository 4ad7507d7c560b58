"""The plain back end: one fresh Python process for each run, on every system."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

import psutil

from kata.runner.environment import clean_environment
from kata.runner.report import BackEnd, Job, Report
from kata.runner.supervise import (
    name_suite,
    supervise,
    within_the_limits_of_this_machine,
)

BURIAL = 1.0
"""Seconds for a child to end once the child of its own was killed."""


class PlainRunner(BackEnd):
    """Runs each job in a process of its own, and ends whatever that leaves behind."""

    def run(self, job: Job) -> Report:
        """Run a job; interrupting it ends the child and nothing else."""
        return supervise(PlainChild(job.suite), job)


class PlainChild:
    """A Python process, started for one job: now, or `ahead` of time."""

    def __init__(
        self, suite: Path, *, ahead: bool = False, service: Path | None = None
    ) -> None:
        with within_the_limits_of_this_machine():
            self.process = subprocess.Popen(
                [sys.executable, "-u", "-P", "-m", "kata.runner.child.main"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=clean_environment(),
                bufsize=0,
                start_new_session=os.name == "posix",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        self.stdin = cast("IO[bytes]", self.process.stdin)
        self.stdout = cast("IO[bytes]", self.process.stdout)
        self.stderr = cast("IO[bytes]", self.process.stderr)
        name_suite(self.stdin, suite, ahead=ahead, service=service)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def gone(self) -> bool:
        """Tell whether it has ended."""
        return self.process.poll() is not None

    def end(self) -> int:
        """Kill it with everything it started; return its exit status."""
        try:
            started = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.Error:
            started = []
        for one in started:
            with suppress(psutil.Error):
                one.kill()
        if started:  # the one in between buries them, which nobody else might do
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(BURIAL)
        if os.name == "posix":
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        status = self.process.wait()
        with suppress(OSError):
            self.stdin.close()
        return status
