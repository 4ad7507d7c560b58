"""The warm back end: a process with everything imported forks a child for each run."""

import os
import signal
import socket
import struct
import subprocess
import sys
import weakref
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

import psutil

from kata.runner.plain import PlainRunner
from kata.runner.report import Ending, Job, Report
from kata.runner.supervise import clean_environment, supervise

FORK = b"f"
"""Sent with a child's three pipes, to be forked; answered by its process id."""
END = b"e"
"""Sent to have the child killed; answered by its exit status."""
ANSWER = struct.Struct("=i")
PATIENCE = 60.0
"""Seconds to wait for an answer, with the imports before the first one."""
LEAVING = 5.0
"""Seconds that the zygote has to clean up, once nobody needs it."""


class WarmRunner:
    """Runs each job in a fork of one warm process; see `kata.runner.zygote`.

    One run at a time. The warm process starts with the first run, or with `start`, and
    ends with `close`, or with this object, or with Python.
    """

    def __init__(self) -> None:
        self._zygote: _Zygote | None = None
        self._fit = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @staticmethod
    def available() -> bool:
        """Tell whether this system can fork, and pass pipes to another process."""
        return hasattr(os, "fork") and hasattr(socket, "send_fds")

    def start(self) -> None:
        """Start the warm process, without waiting for it, unless there is one."""
        self._warm_process()

    def close(self) -> None:
        """End the warm process, and with it all that it has started."""
        if self._zygote:
            self._zygote.close()

    def run(self, job: Job) -> Report:
        """Run a job; interrupting it ends the child and nothing else."""
        report = self._run_once(job)
        if report.ending is Ending.DIED and not self._is_warm():
            # The zygote was killed, too. Nobody knows by whom: give the job another
            # chance, and believe it if it happens again.
            report = self._run_once(job)
        return report

    def _run_once(self, job: Job) -> Report:
        child = self._fork()
        return supervise(child, job) if child else PlainRunner().run(job)

    def _fork(self) -> "_WarmChild | None":
        """Return a new child, or nothing where no warm process can be had."""
        attempts = 2 if self._fit else 0  # the first finds out if it was killed
        for _ in range(attempts):
            with suppress(OSError):
                return _WarmChild(self._warm_process())
        self._fit = False
        return None

    def _warm_process(self) -> "_Zygote":
        if self._zygote is None or not self._is_warm():
            self._zygote = _Zygote()
        return self._zygote

    def _is_warm(self) -> bool:
        return self._zygote is not None and self._zygote.close.alive


class _Zygote:
    """The warm process, seen from its client."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-u", "-P", "-m", "kata.runner.zygote"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=Path(__file__).parent,  # the client's may be deleted
                env=clean_environment(),
                start_new_session=True,
            )
        ours.settimeout(PATIENCE)
        self.socket = ours
        self.close = weakref.finalize(self, _close, ours, process)

    def ask(self, request: bytes, pipes: Sequence[int] = ()) -> int:
        """Send a request and return the answer; an OSError if there is none."""
        try:
            socket.send_fds(self.socket, [request], pipes)
            (answer,) = ANSWER.unpack(self._receive())
        except BaseException:
            self.close()  # or a late answer would be taken for the next one
            raise
        return int(answer)

    def _receive(self) -> bytes:
        answer = self.socket.recv(ANSWER.size, socket.MSG_WAITALL)
        if len(answer) < ANSWER.size:
            raise ConnectionError("the warm process is gone")
        return answer


def _close(ours: socket.socket, process: subprocess.Popen[bytes]) -> None:
    ours.close()
    process.terminate()  # heeded only while it is still warming up
    try:
        process.wait(LEAVING)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class _WarmChild:
    """A child of the zygote, forked for one job."""

    def __init__(self, zygote: _Zygote) -> None:
        jobs, said, printed = os.pipe(), os.pipe(), os.pipe()
        theirs = [jobs[0], said[1], printed[1]]
        self.stdin: IO[bytes] = os.fdopen(jobs[1], "wb", 0)
        self.stdout: IO[bytes] = os.fdopen(said[0], "rb", 0)
        self.stderr: IO[bytes] = os.fdopen(printed[0], "rb", 0)
        self.zygote = zygote
        try:
            self.pid = zygote.ask(FORK, theirs)
        except BaseException:
            for pipe in (self.stdin, self.stdout, self.stderr):
                pipe.close()
            raise
        finally:
            for number in theirs:
                os.close(number)

    def gone(self) -> bool:
        """Tell whether it has ended. The zygote buries it later, in `end`."""
        try:
            return psutil.Process(self.pid).status() == psutil.STATUS_ZOMBIE
        except psutil.Error:
            return True

    def end(self) -> int:
        """Have it killed with everything it started; return its exit status."""
        try:
            return self.zygote.ask(END)
        except OSError:  # the zygote was killed, which kills its children
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            return -signal.SIGKILL
        finally:
            self.stdin.close()
