"""A pytest plugin that says what happened, in plain data, as it happens."""

import gc
import os
import re
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kata.runner.child.compared import difference
from kata.runner.child.describe import (
    behind,
    describe,
    frames_of,
    message_of,
    prune,
    raised_below,
)
from kata.runner.child.describe import tidy as tidied
from kata.runner.child.witness import Witness

Message = dict[str, Any]
Emit = Callable[[Message], None]
COMPARISON = re.compile(r"^assert ", re.MULTILINE)
NEVER_AWAITED = "was never awaited"
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
        self.failed = self.unread = False
        self.parted: dict[str, str] | None = None
        self.tampered = False

    def fault(self, said: str) -> None:
        """Say that the checks could not be run, and whether the code is the reason."""
        # The checks may lie below the same folder, and their own lines prove nothing.
        tampered = self.tampered or f"{self.root}" in said.replace(f"{self.suite}", "")
        self.emit(
            {
                "kind": "fault",
                "message": self._tidy(said),
                "tampered": tampered or self.witness.sees_a_change(self.unread),
            }
        )

    def pytest_configure(self, config: pytest.Config) -> None:
        """Ask for short tracebacks; the plugin that has the option is switched off."""
        config.option.tbstyle = "short"

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Say which check begins, in case it never ends."""
        self.parted = None
        if not is_canary(nodeid):
            self.emit({"kind": "start", "check": check_name(nodeid)})

    def pytest_runtest_logfinish(self) -> None:
        """Say that a check and its fixtures have ended."""
        self.emit({"kind": "finish"})

    def pytest_warning_recorded(
        self, warning_message: warnings.WarningMessage, nodeid: str
    ) -> None:
        """Say which line made a coroutine that nobody awaited: it did nothing."""
        said = str(warning_message.message)
        below = f"{self.root}{os.sep}"
        file = warning_message.filename
        if said.endswith(NEVER_AWAITED) and file.startswith(below):
            frame = (Path(file[len(below) :]).as_posix(), warning_message.lineno)
            failure = {"type": "RuntimeWarning", "message": said, "frames": [frame]}
            check = check_name(nodeid)
            self.emit({"kind": "unawaited", "check": check, "failure": failure})

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> None:
        """Note where two values part; what pytest says of them stays as it is."""
        self.parted = difference(left, right) if op == "==" else None

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
        if call.excinfo and not skipped_by_check(call.excinfo, self.root):
            error = call.excinfo.value
            failure = self._described(error, item)
            if self.failed and call.when != "setup":  # after which pytest would go on
                # A verdict shows one failure, and pytest takes 5 ms to write about it.
                call.excinfo = None
            else:
                prune(error, (self.root, self.checks))
                call.excinfo = pytest.ExceptionInfo.from_exception(error)
            self.failed = True
        with nothing_collected():
            try:
                report = yield
            except Exception:  # noqa: BLE001 - an exception that pytest can't describe
                call.excinfo = None
                report = pytest.TestReport.from_item_and_call(item, call)
        if failure or report.when == "call" or not report.passed:
            self._say(item, report, failure)
        return report

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Say that the checks themselves could not be read."""
        if report.failed:
            self.unread = True
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

    def _described(self, error: BaseException, item: pytest.Item) -> Message:
        """Return a failure with what lies behind it: nothing stays swallowed."""
        told = self._swallowed(item)
        if isinstance(error, AssertionError | pytest.fail.Exception):
            told = behind(error, self.root) or told
        elif told is error or frames_of(error, self.root):
            told = None
        return describe(error, self.root) | {
            "behind": describe(told, self.root) if told else None,
            "parted": self.parted if COMPARISON.search(message_of(error)) else None,
        }

    def _swallowed(self, item: pytest.Item) -> BaseException | None:
        """Return what the app raised while a client was answered, if nobody saw it.

        A check may stumble over the 500. What a check raised in the app is not meant.
        """
        raised = [
            value
            for name, value in item.user_properties
            if name == "raised" and isinstance(value, BaseException)
        ]
        suite = self.checks.parent
        return next((e for e in reversed(raised) if not raised_below(e, suite)), None)

    def _tidy(self, text: str) -> str:
        return tidied(text, self.root).replace(f"{self.checks}", "checks")


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


def skipped_by_check(excinfo: pytest.ExceptionInfo[BaseException], root: Path) -> bool:
    """Tell whether a check skipped: the code under test may not."""
    skipped = excinfo.errisinstance(pytest.skip.Exception)
    return skipped and not frames_of(excinfo.value, root)


def is_canary(nodeid: str) -> bool:
    """Tell whether this is the check that has to fail."""
    return check_name(nodeid) == "test_canary"


def check_name(nodeid: str) -> str:
    """Return the test function's name, without its file and parameters."""
    function = nodeid.partition(".py::")[2].partition("[")[0]  # a parameter may have ::
    return function.rpartition("::")[2]


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
