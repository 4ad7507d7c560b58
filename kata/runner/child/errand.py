"""One run of pytest: import the service, run one kata's checks, say what happened.

All back ends do this. They differ in the process that it happens in.
"""

import importlib
import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio.pytest_plugin
import pytest

from kata.runner.child.describe import describe
from kata.runner.child.plugin import CANARY, Emit, Reporter
from kata.runner.child.witness import Witness

UNUSED = (
    *(
        "cacheprovider",
        "debugging",
        "doctest",
        "faulthandler",
        "legacypath",
        "pastebin",
    ),
    *("setuponly", "setupplan", "stepwise", "subtests", "terminal", "unittest"),
    # It collects garbage again and again, for warnings that nobody would see.
    "unraisableexception",
)
"""Plugins of pytest that no check has a use for; each takes time at every verdict."""
OPTIONS = ("--capture=no", *(part for name in UNUSED for part in ("-p", f"no:{name}")))
EXPLAINED = (
    pytest.ExitCode.OK,
    pytest.ExitCode.TESTS_FAILED,
    pytest.ExitCode.INTERRUPTED,
    pytest.ExitCode.NO_TESTS_COLLECTED,
)
"""pytest's exit codes that what was said before explains."""


class BreakpointError(Exception):
    """A stop for somebody who types, where nobody can."""


class Errand:
    """A pytest plugin that asks for the job when pytest is ready, and does it."""

    def __init__(self, next_job: Callable[[], dict[str, Any]], emit: Emit) -> None:
        self.next_job = next_job
        self.emit = emit
        self.job: dict[str, Any] = {}
        self.imported = False

    def run(self, suite: Path) -> bool:
        """Run pytest with the settings of a suite; return whether its end is clear.

        Where it is not, that has been said. The suite is the current folder until there
        is a job.
        """
        # pytest reads more than a path into what it is given, and a folder may have any
        # name. So it is given no name but those below the current folder.
        os.chdir(suite)
        with hooks_replaced():
            arguments = [*OPTIONS, "-c", "pytest.ini", "--rootdir", ".", "."]
            # By its name, pytest would look for it among all that is installed.
            plugins = [anyio.pytest_plugin, self]
            code = pytest.main(arguments, plugins=plugins)
        clear = code in EXPLAINED or not self.imported or self.reporter.stopped
        if not clear:
            self.reporter.fault(f"pytest ended with exit code {code:d}")
        return clear

    @pytest.hookimpl(wrapper=True)
    def pytest_load_initial_conftests(self) -> Iterator[None]:
        """Keep the bytecode of what all checks share, too."""
        with bytecode_kept():
            yield

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Wait for the job, and import the module it names."""
        self.job = self.next_job()
        root, checks = Path(self.job["root"]), Path(self.job["checks"])
        self.reporter = Reporter(self.emit, root, checks, Witness())
        self.imported = self.import_service(root, self.reporter.witness)
        self.reporter.witness.look()
        session.config.pluginmanager.register(self.reporter)

    def import_service(self, root: Path, witness: Witness) -> bool:
        """Import the module that the job names, if any; return whether that worked."""
        sys.path.insert(0, str(root))
        try:
            with witness.lasting.listening():
                if self.job["module"]:
                    importlib.import_module(self.job["module"])
        except BaseException as error:  # noqa: BLE001 - whatever the cell raises is told
            self.emit({"kind": "import", "failure": describe(error, root)})
            return False
        found = {"files": imported_below(root), "changes": witness.lasting.changes()}
        self.emit({"kind": "import", "failure": None, **found})
        return True

    def pytest_collection(self, session: pytest.Session) -> bool:
        """Collect the job's checks, in place of all, if there is a service to check."""
        if self.imported:
            checks = Path(self.job["checks"])
            with bytecode_kept():
                session.perform_collect([f"{checks.parent.name}/{checks.name}"])
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item
    ) -> Generator[None, object, object]:
        """Run nothing after the first refusal, where the job wants no more."""
        done = yield
        if self.job["to_the_first_refusal"] and self.reporter.failed:
            item.session.shouldfail = "an answer is refused"
            self.emit({"kind": "enough"})
        return done

    def pytest_internalerror(self) -> bool:
        """Keep pytest from printing it, which would be taken for the code's own."""
        return True

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> None:
        """Add the check that must fail; it does not lie below the current folder."""
        items += session.genitems(pytest.Module.from_parent(session, path=CANARY))


@contextmanager
def hooks_replaced() -> Iterator[None]:
    """Say nothing of exceptions that nobody can catch, and refuse to stop."""
    before = sys.unraisablehook, sys.breakpointhook
    sys.unraisablehook, sys.breakpointhook = lambda _: None, refuse_to_stop
    try:
        yield
    finally:
        sys.unraisablehook, sys.breakpointhook = before


def refuse_to_stop(*_: object, **__: object) -> None:
    """Raise what says that nobody can type here."""
    raise BreakpointError


@contextmanager
def bytecode_kept() -> Iterator[None]:
    """Let pytest keep the bytecode of checks: it takes 10 ms to make, at every verdict.

    Not that of the service: an answer changed within a second would look unchanged.
    """
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, False
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def imported_below(root: Path) -> list[str]:
    """Return the files below a folder that have been imported, relative to it."""
    below = f"{root}{os.sep}"  # text is compared: there are more than a thousand
    files = [getattr(module, "__file__", None) or "" for module in sys.modules.values()]
    return sorted(
        Path(file).relative_to(root).as_posix()
        for file in files
        if file.startswith(below)
    )
