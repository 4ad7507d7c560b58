"""A pytest plugin that says what happened, in plain data, as it happens."""

import gc
import os
import re
import types
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kata.runner.child import memory
from kata.runner.child.witness import Witness

Message = dict[str, Any]
Emit = Callable[[Message], None]
IMPORTED_FROM = re.compile(r"(cannot import name .+) \(.+\)$")
ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
LONGEST = 4000
CANARY = Path(__file__).with_name("canary.py")


class Reporter:
    """Emits one message for each check that begins, and one for each that ends."""

    def __init__(self, emit: Emit, root: Path, checks: Path, witness: Witness) -> None:
        self.emit = emit
        self.witness = witness
        self.root = root
        self.checks = checks.parent
        self.suite = self.checks.parent
        self.stopped = False
        self.failed = False
        self.tampered = False

    def fault(self, said: str) -> None:
        """Say that the checks could not be run, and whether the code is the reason."""
        # The checks may lie below the same folder, and their own lines prove nothing.
        tampered = self.tampered or f"{self.root}" in said.replace(f"{self.suite}", "")
        self.emit(
            {
                "kind": "fault",
                "message": self._tidy(said),
                "tampered": tampered or self.witness.sees_a_change(),
            }
        )

    def pytest_configure(self, config: pytest.Config) -> None:
        """Ask for short tracebacks; the plugin that has the option is switched off."""
        config.option.tbstyle = "short"

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Say which check begins, in case it never ends."""
        if not is_canary(nodeid):
            self.emit({"kind": "start", "check": check_name(nodeid)})

    def pytest_runtest_logfinish(self) -> None:
        """Say that a check and its fixtures have ended."""
        self.emit({"kind": "finish"})

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep only the frames that a learner can act on, and note the failure."""
        failure = None
        if is_canary(item.nodeid):
            if call.when == "call" and call.excinfo:
                self.emit({"kind": "canary"})
            call.excinfo = None  # a failure that nobody reads need not be described
            return (yield)
        if call.excinfo and not self._skipped_by_check(call.excinfo):
            error = call.excinfo.value
            failure = describe(error, self.root)
            if self.failed and call.when != "setup":  # after which pytest would go on
                # A verdict shows one failure, and pytest takes 5 ms to write about it.
                call.excinfo = None
            else:
                prune(error, (self.root, self.checks))
                call.excinfo = pytest.ExceptionInfo.from_exception(error)
            self.failed = True
        with nothing_collected():
            report = yield
        if failure or report.when == "call" or not report.passed:
            self._say(item, report, failure)
        return report

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Say that the checks themselves could not be read."""
        if report.failed:
            self.fault(report.longreprtext)

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[Any]) -> None:
        """Say that the code under test raised what ended the event loop, and pytest."""
        error = system_exit_behind(excinfo.value)
        if error:
            self.stopped = True
            self.emit({"kind": "stopped", "failure": describe(error, self.root)})
        self.tampered = bool(frames_of(excinfo.value, self.root))

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[Any]) -> None:
        """Say that the code under test raised what usually means Ctrl+C."""
        self.emit({"kind": "stopped", "failure": describe(excinfo.value, self.root)})

    def _say(
        self, item: pytest.Item, report: pytest.TestReport, failure: Message | None
    ) -> None:
        message: dict[str, Any] = {"kind": "end", "check": check_name(item.nodeid)}
        if failure:
            exchanges = [
                value for name, value in item.user_properties if name == "exchange"
            ]
            message["failure"] = failure | {
                "exchange": exchanges[-1] if exchanges else None,
                "report": self._tidy(report.longreprtext),
            }
        elif report.skipped:
            where = report.longrepr
            message["skipped"] = where[2] if isinstance(where, tuple) else "skipped"
        self.emit(message)

    def _skipped_by_check(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        # Only a check may say that this machine lacks something.
        skipped = excinfo.errisinstance(pytest.skip.Exception)
        return skipped and not frames_of(excinfo.value, self.root)

    def _tidy(self, text: str) -> str:
        return tidy(text, self.root).replace(f"{self.checks}", "checks")


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Keep the collector away while pytest parses source, to describe a failure.

    A task that the collector meets may log its own exception; that parses source, too,
    and Python 3.11 fails when it parses while it parses (cpython issue 106905).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def is_canary(nodeid: str) -> bool:
    """Tell whether this is the check that has to fail."""
    return check_name(nodeid) == "test_canary"


def check_name(nodeid: str) -> str:
    """Return the test function's name, without its file and parameters."""
    return nodeid.rpartition("::")[2].partition("[")[0]


def describe(error: BaseException, root: Path) -> dict[str, Any]:
    """Return an exception as plain data; see `Failure`."""
    if isinstance(error, MemoryError):
        memory.lift()
    frames = frames_of(error, root)
    return {
        "type": type(error).__name__,
        "message": tidy(str(error), root),
        "frames": frames,
        "module": module_of(error),
        "name": name_of(error),
    }


def frames_of(error: BaseException, root: Path) -> list[tuple[str, int]]:
    """Return the traceback's lines that lie below `root`, outermost first."""
    frames = []
    traceback = error.__traceback__
    while traceback:
        frames.append((traceback.tb_frame.f_code.co_filename, traceback.tb_lineno))
        traceback = traceback.tb_next
    if isinstance(error, SyntaxError) and error.filename:
        frames.append((error.filename, error.lineno or 1))
    below = f"{root}{os.sep}"  # text is compared: a traceback has many frames
    return [
        (Path(file[len(below) :]).as_posix(), line)
        for file, line in frames
        if file.startswith(below)
    ]


def prune(error: BaseException, keep: tuple[Path, ...]) -> None:
    """Drop the frames of libraries from an exception and from its causes.

    A learner needs only their own lines and the check's, and pytest parses the whole
    source file of every frame it prints.
    """
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        one.__traceback__ = _kept(one.__traceback__, keep)
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions


def _kept(
    traceback: types.TracebackType | None, keep: tuple[Path, ...]
) -> types.TracebackType | None:
    every = []
    while traceback:
        every.append(traceback)
        traceback = traceback.tb_next
    below = tuple(f"{folder}{os.sep}" for folder in keep)
    ours = [one for one in every if one.tb_frame.f_code.co_filename.startswith(below)]
    chain = None
    for one in reversed(ours or every[-1:]):
        chain = types.TracebackType(chain, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return chain


def module_of(error: BaseException) -> str:
    """Return the module that an ImportError is about."""
    return (error.name or "") if isinstance(error, ImportError) else ""


def name_of(error: BaseException) -> str:
    """Return the name that an exception says is missing."""
    if isinstance(error, ImportError):
        match = re.match(r"cannot import name '(\w+)'", str(error))
        return match[1] if match else ""
    if isinstance(error, NameError | AttributeError):
        return error.name or ""
    return ""


def tidy(text: str, root: Path) -> str:
    """Remove what differs from machine to machine: paths and addresses."""
    text = IMPORTED_FROM.sub(r"\1", text)
    text = text.replace(f"{root}/", "").replace(f"{root}\\", "").replace(str(root), ".")
    return ADDRESS.sub("0x…", text)[:LONGEST]


def system_exit_behind(error: BaseException) -> SystemExit | None:
    """Return the SystemExit that led to an exception, by whatever way, or None."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, SystemExit):
            return one
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            waiting += [one.__context__, one.__cause__]
            if isinstance(one, BaseExceptionGroup):
                waiting += one.exceptions
    return None
