"""The in-process back end: pytest runs right here, for places that have no processes.

A page in a browser is such a place. What a run changes is put back afterwards: modules,
the folder, the environment, the standard streams. What nothing here can contain is an
end of Python itself, a thread that goes on, memory, and a patch to a library; all other
back ends contain these. A run is stopped at its time limit where signals can do that:
on the main thread, and not on Windows. In a browser, the page ends its worker.
"""

import asyncio
import importlib
import io
import json
import os
import secrets
import signal
import sys
import tempfile
import threading
import time
import types
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kata.runner.clock import Clock, own_line
from kata.runner.environment import UMASK, environment_of_a_run
from kata.runner.evidence import read_evidence
from kata.runner.report import FLOOD, KEPT, BackEnd, Ending, Job, Report

if TYPE_CHECKING:
    from kata.runner.child.errand import Errand

OFTEN = 0.25
"""Seconds between two looks at the clock, and two stops of what did not stop."""


class InProcessRunner(BackEnd):
    """Runs each job in this process, one at a time.

    `hear` gets each message of a run at once, as a line: what is known of a run that
    somebody else ends together with this process.
    """

    def __init__(self, hear: Callable[[str], None] = lambda _: None) -> None:
        self.hear = hear

    def run(self, job: Job) -> Report:
        """Run a job; interrupting it ends the run and nothing else."""
        # Not before it is needed: a notebook need not wait for pytest.
        from kata.runner.child.errand import Errand

        run = _Run(job, self.hear)
        with ExitStack() as stack:
            folder = stack.enter_context(_folder())
            for context in (_modules(job), _streams(run), no_loop()):
                stack.enter_context(context)
            stack.enter_context(_stopped_in_time(run))
            run.do(Errand(lambda: run.begin(folder), run.emit))
        if run.interrupted:
            raise KeyboardInterrupt
        return run.report()


class _Stop(KeyboardInterrupt):
    """Raised in the code under test, wherever it is; pytest takes it for Ctrl+C."""


class _Run:
    """What one run said and printed, and why it was stopped, if it was."""

    def __init__(self, job: Job, hear: Callable[[str], None]) -> None:
        self.job = job
        self.hear = hear
        self.clock = Clock(job.time_limit, time.process_time, in_line=own_line())
        self.nonce = secrets.token_hex(8)
        self.said: list[str] = []
        self.printed = ""
        self.total = 0
        self.ending = Ending.DIED  # until its last message says otherwise
        self.stuck = ""
        self.interrupted = False
        self.over = False

    def do(self, errand: "Errand") -> None:
        """Run pytest once."""
        with suppress(KeyboardInterrupt):
            try:
                if errand.run(self.job.suite):
                    self.emit({"kind": "done", "nonce": self.nonce})
            except Exception as error:  # noqa: BLE001 - pytest itself may be in ruins
                said = f"{type(error).__name__}: {error}"
                self.emit({"kind": "fault", "message": said})
            finally:
                self.over = True

    def begin(self, folder: str) -> dict[str, Any]:
        """Move to an empty folder, and return the job, as a child would read it."""
        os.chdir(folder)
        self.clock.begin()  # what pytest took to get ready is no fault of the code
        return vars(self.job) | {"nonce": self.nonce}

    def emit(self, message: dict[str, Any]) -> None:
        """Note a message, as a child would send it."""
        if self.ending is Ending.DIED:
            self.said.append(json.dumps(message))
            self.hear(self.said[-1])

    def stop(self, ending: Ending, frame: types.FrameType | None) -> None:
        """Raise in the code under test; the first reason is the one that counts."""
        if self.over:
            return
        if self.ending is Ending.DIED:
            self.ending = ending
            lines = []
            while frame:
                lines.append(
                    f'File "{frame.f_code.co_filename}", line {frame.f_lineno}'
                )
                frame = frame.f_back
            self.stuck = "\n".join(lines)
        raise _Stop

    def interrupt(self, *_: object) -> None:
        """Remember that it was somebody's wish, and raise, unless it is over anyway."""
        self.interrupted = True
        if not self.over:
            raise KeyboardInterrupt

    def report(self) -> Report:
        """Return the report, by the same rules as for a child."""
        return read_evidence(
            "\n".join(self.said),
            nonce=self.nonce,
            ending=self.ending,
            returncode=0,
            printed=self.printed,
            stuck=self.stuck,
            root=self.job.root,
        )


class _Tape(io.TextIOBase):
    """Keeps the first part of what is printed, and stops a flood."""

    def __init__(self, run: _Run) -> None:
        self.run = run

    def writable(self) -> bool:
        return True

    def write(self, text: str, /) -> int:
        self.run.printed += text[: KEPT - len(self.run.printed)]
        self.run.total += len(text)
        if self.run.total > FLOOD:
            self.run.stop(Ending.FLOODED, sys._getframe(1))
        return len(text)


@contextmanager
def _streams(run: _Run) -> Iterator[None]:
    kept = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), _Tape(run), _Tape(run)
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept


@contextmanager
def _folder() -> Iterator[str]:
    """Give an empty folder, with the environment that a child would have."""
    before, variables = Path.cwd(), dict(os.environ)
    with tempfile.TemporaryDirectory(
        prefix="kata-", ignore_cleanup_errors=True
    ) as folder:
        empty = Path(folder) / "empty"
        empty.mkdir()
        mask = os.umask(UMASK)
        _set_environment(environment_of_a_run(Path(folder)))
        try:
            yield str(empty)
        finally:
            _set_environment(variables)
            os.umask(mask)
            with suppress(OSError):  # it may be gone
                os.chdir(before)


def _set_environment(variables: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(variables)
    if hasattr(time, "tzset"):
        time.tzset()


@contextmanager
def _modules(job: Job) -> Iterator[None]:
    """Import the service anew; leave modules, warnings and Python as they were."""
    service = job.service.name
    before, path, finders = dict(sys.modules), [*sys.path], [*sys.meta_path]
    writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    trace, profile, depth = sys.gettrace(), sys.getprofile(), sys.getrecursionlimit()
    _forget(name for name in before if name.partition(".")[0] == service)
    importlib.invalidate_caches()  # the answer may be a second newer than the last one
    try:
        with warnings.catch_warnings(record=True):
            warnings.simplefilter("default")
            yield
    finally:
        sys.setrecursionlimit(depth)
        sys.settrace(trace)
        sys.setprofile(profile)
        sys.dont_write_bytecode = writes_bytecode
        sys.path[:], sys.meta_path[:] = path, finders
        new = {*sys.modules} - {*before}
        _forget(
            name
            for name in new
            if name.partition(".")[0] == service
            or _lies_below((job.root, job.suite), sys.modules[name])
        )
        sys.modules.update(before)


def _forget(names: Iterable[str]) -> None:
    for name in [*names]:
        del sys.modules[name]


def _lies_below(folders: tuple[Path, ...], module: object) -> bool:
    file = Path(getattr(module, "__file__", None) or "")
    return any(file.is_relative_to(folder) for folder in folders)


@contextmanager
def no_loop() -> Iterator[None]:
    """Let event loops run here, although a notebook's own loop waits for this call."""
    loop = asyncio._get_running_loop()
    swap = getattr(asyncio.tasks, "_swap_current_task", None)
    task = swap(loop, None) if loop and swap else None
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)
        if task and swap:
            swap(loop, task)


@contextmanager
def _stopped_in_time(run: _Run) -> Iterator[None]:
    """Stop a run at its time limit, and at Ctrl+C, where signals reach it."""
    here = threading.current_thread() is threading.main_thread()
    if not here or not hasattr(signal, "setitimer"):
        yield
        return

    def look(_: int, frame: types.FrameType | None) -> None:
        if ending := run.clock.look():
            run.stop(ending, frame)

    alarm = signal.signal(signal.SIGALRM, look)
    interrupt = signal.signal(signal.SIGINT, run.interrupt)
    signal.setitimer(signal.ITIMER_REAL, OFTEN, OFTEN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGINT, interrupt)
        signal.signal(signal.SIGALRM, alarm)
