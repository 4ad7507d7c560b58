"""The warm back end: a process with everything imported forks a child for each run.

While the learner reads and types, one forked child stands by: its pytest is ready, and
only waits for the job. After each run the next one is forked.
"""

import os
import signal
import socket
import struct
import subprocess
import sys
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import IO

import psutil

from kata.runner.environment import clean_environment
from kata.runner.evidence import NEVER_BEGAN
from kata.runner.plain import PlainRunner
from kata.runner.report import BackEnd, Ending, Job, Report
from kata.runner.supervise import name_suite, stamps, supervise

FORK = b"f"
"""Sent with a child's three pipes, to be forked; answered by its process id."""
END = b"e"
"""Sent to have the last child killed; answered by its exit status."""
ANSWER = struct.Struct("=i")
ADDRESS = "KATA_WARM"
"""The variable with the address of a shared warm process; see `kata.runner.shared`."""
PATIENCE = 60.0
"""Seconds to wait for an answer, with the imports before the first one."""
LEAVING = 5.0
"""Seconds that the zygote has to clean up, once nobody needs it."""


class WarmRunner(BackEnd):
    """Runs each job in a fork of one warm process; see `kata.runner.zygote`.

    One run at a time. The warm process starts with the first run, or with `start`, and
    ends with `close`, or with this object, or with Python.
    """

    def __init__(self) -> None:
        self._zygote: _Zygote | None = None
        self._standby: _WarmChild | None = None
        self._fit = True

    @staticmethod
    def available() -> bool:
        """Tell whether this system can fork, and pass pipes to another process."""
        return hasattr(os, "fork") and hasattr(socket, "send_fds")

    def start(self, suite: Path | None = None) -> None:
        """Start the warm process, without waiting for it, unless there is one.

        A child stands by for the checks of a suite, if one is named.
        """
        with suppress(OSError):  # the first run finds out, and says so
            zygote = self._warm_process()
            if suite and not self._standby:
                self._stand_by(zygote, suite)

    def close(self) -> None:
        """End the warm process, and with it all that it has started."""
        if self._zygote:
            self._zygote.close()
        if self._standby:
            self._standby.close()
            self._standby = None

    def run(self, job: Job) -> Report:
        """Run a job; interrupting it ends the child and nothing else."""
        report = self._run_once(job)
        killed_too = report.ending is Ending.DIED and not self._is_warm()
        if killed_too or report.detail == NEVER_BEGAN:
            # The zygote was killed, or the child while it stood by. Nobody knows by
            # whom: give the job another chance, and believe it if it happens again.
            report = self._run_once(job)
        return report

    def _run_once(self, job: Job) -> Report:
        child = self._fork(job.suite)
        if child is None:
            return PlainRunner().run(job)
        report = supervise(child, job)
        if self._is_warm():
            self._stand_by(child.zygote, job.suite)
        return report

    def _stand_by(self, zygote: "_Zygote", suite: Path) -> None:
        with suppress(OSError):  # the next run finds out
            self._standby = _WarmChild(zygote, suite)

    def _fork(self, suite: Path) -> "_WarmChild | None":
        """Return a child, or nothing where no warm process can be had."""
        attempts = 2 if self._fit else 0  # the first finds out if it was killed
        for _ in range(attempts):
            with suppress(OSError):
                return self._child_for(suite)
        self._fit = False
        return None

    def _child_for(self, suite: Path) -> "_WarmChild":
        standby, self._standby = self._standby, None
        zygote = self._warm_process()
        if standby and standby.zygote is zygote:
            if standby.serves(suite):
                return standby
            standby.end()
        child = _WarmChild(zygote, suite)
        child.gone()  # has to be asked once; from then on it can be waited for
        return child

    def _warm_process(self) -> "_Zygote":
        if self._zygote is None or not self._is_warm():
            self._zygote = _Zygote()
        return self._zygote

    def _is_warm(self) -> bool:
        return self._zygote is not None and self._zygote.close.alive


class _Zygote:
    """The warm process, seen from its client."""

    def __init__(self) -> None:
        ours, process = _shared() or _own()
        ours.settimeout(PATIENCE)
        self.socket = ours
        self.close = weakref.finalize(self, _close, ours, process)

    def send(self, request: bytes, pipes: Sequence[int] = ()) -> None:
        """Send a request, whose answer has to be received before the next is sent."""
        with self._closing_on_failure():
            socket.send_fds(self.socket, [request], pipes)

    def receive(self) -> int:
        """Return the answer to the last request; an OSError if there is none."""
        with self._closing_on_failure():
            answer = self.socket.recv(ANSWER.size, socket.MSG_WAITALL)
            if len(answer) < ANSWER.size:
                raise ConnectionError("the warm process is gone")
        return int(ANSWER.unpack(answer)[0])

    @contextmanager
    def _closing_on_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()  # or a late answer would be taken for the next one
            raise


def start_zygote(control: socket.socket) -> subprocess.Popen[bytes]:
    """Start a warm process for the client at the other end of a socket.

    Where the socket listens, it is for all clients that connect.
    """
    return subprocess.Popen(
        [sys.executable, "-u", "-P", "-m", "kata.runner.zygote"],
        stdin=control.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parent,  # the client's may be deleted
        env=clean_environment(),
        start_new_session=True,
    )


def _own() -> tuple[socket.socket, subprocess.Popen[bytes] | None]:
    ours, theirs = socket.socketpair()
    with theirs:
        return ours, start_zygote(theirs)


def _shared() -> tuple[socket.socket, None] | None:
    """Connect to the warm process that others use too, if there is one."""
    address = os.environ.get(ADDRESS)
    if not address:
        return None
    ours = socket.socket(socket.AF_UNIX)
    try:
        ours.connect(address)
    except OSError:  # it is gone
        ours.close()
        return None
    return ours, None


def _close(ours: socket.socket, process: subprocess.Popen[bytes] | None) -> None:
    if process is None:
        _close_shared(ours)
        return
    ours.close()
    process.terminate()  # heeded only while it is still warming up
    try:
        process.wait(LEAVING)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _close_shared(ours: socket.socket) -> None:
    """Wait until the other end has cleaned up, and closed."""
    with ours, suppress(OSError):
        ours.shutdown(socket.SHUT_WR)
        ours.settimeout(LEAVING)
        while ours.recv(ANSWER.size):
            pass


class _WarmChild:
    """A child of the zygote, forked to stand by for one job of a suite."""

    def __init__(self, zygote: _Zygote, suite: Path) -> None:
        jobs, said, printed = os.pipe(), os.pipe(), os.pipe()
        theirs = [jobs[0], said[1], printed[1]]
        self.stdin: IO[bytes] = os.fdopen(jobs[1], "wb", 0)
        self.stdout: IO[bytes] = os.fdopen(said[0], "rb", 0)
        self.stderr: IO[bytes] = os.fdopen(printed[0], "rb", 0)
        pipes = (self.stdin, self.stdout, self.stderr)
        self.close = weakref.finalize(self, _close_all, pipes)
        self.zygote = zygote
        self.ready_for = stamps(suite)
        try:
            zygote.send(FORK, theirs)
        finally:
            for number in theirs:
                os.close(number)
        name_suite(self.stdin, suite)

    @cached_property
    def pid(self) -> int:
        """Its process id, once the zygote has forked it."""
        return self.zygote.receive()

    def serves(self, suite: Path) -> bool:
        """Tell whether it waits for a job, and has read the suite as it is now."""
        return not self.gone() and self.ready_for == stamps(suite)

    def gone(self) -> bool:
        """Tell whether it has ended. The zygote buries it later, in `end`."""
        try:
            return psutil.Process(self.pid).status() == psutil.STATUS_ZOMBIE
        except psutil.Error:
            return True

    def end(self) -> int:
        """Have it killed with everything it started; return its exit status."""
        pid = self.pid
        try:
            self.zygote.send(END)
            return self.zygote.receive()
        except OSError:  # the zygote was killed, which kills its children
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            return -signal.SIGKILL
        finally:
            self.stdin.close()


def _close_all(pipes: tuple[IO[bytes], ...]) -> None:
    for pipe in pipes:
        pipe.close()
