"""One run of pytest: import the service, run one kata's checks, say what happened.

All back ends do this. They differ in the process that it happens in.
"""

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kata.runner.child.describe import describe
from kata.runner.child.plugin import CANARY, Emit, Reporter

OPTIONS = (
    *("-p", "anyio", "--capture=no"),
    *("-p", "no:terminal", "-p", "no:faulthandler"),
    # It collects garbage again and again, for warnings that nobody would see.
    *("-p", "no:unraisableexception"),
)
EXPLAINED = (
    pytest.ExitCode.OK,
    pytest.ExitCode.TESTS_FAILED,
    pytest.ExitCode.INTERRUPTED,
    pytest.ExitCode.NO_TESTS_COLLECTED,
)
"""pytest's exit codes that what was said before explains."""


class Errand:
    """A pytest plugin that asks for the job when pytest is ready, and does it."""

    def __init__(self, next_job: Callable[[], dict[str, Any]], emit: Emit) -> None:
        self.next_job = next_job
        self.emit = emit
        self.job: dict[str, Any] = {}
        self.imported = False

    def run(self, suite: Path) -> bool:
        """Run pytest with the settings of a suite; return whether its end is clear.

        Where it is not, that has been said.
        """
        where = ("-c", f"{suite / 'pytest.ini'}", "--rootdir", f"{suite}", f"{suite}")
        hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
        try:
            code = pytest.main([*OPTIONS, *where], plugins=[self])
        finally:
            sys.unraisablehook = hook
        clear = code in EXPLAINED or not self.imported or self.reporter.stopped
        if not clear:
            said = f"pytest ended with exit code {code:d}"
            self.emit({"kind": "fault", "message": said})
        return clear

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Wait for the job, and import the module it names."""
        self.job = self.next_job()
        root, checks = Path(self.job["root"]), Path(self.job["checks"])
        self.imported = self.import_service(root)
        self.reporter = Reporter(self.emit, root, checks)
        session.config.pluginmanager.register(self.reporter)

    def import_service(self, root: Path) -> bool:
        """Import the module that the job names; return whether that worked."""
        sys.path.insert(0, str(root))
        try:
            importlib.import_module(self.job["module"])
        except BaseException as error:  # noqa: BLE001 - whatever the cell raises is told
            self.emit({"kind": "import", "failure": describe(error, root)})
            return False
        files = imported_below(root)
        self.emit({"kind": "import", "failure": None, "files": files})
        return True

    def pytest_collection(self, session: pytest.Session) -> bool:
        """Collect the job's checks, in place of all, if there is a service to check."""
        if self.imported:
            with bytecode_kept():
                session.perform_collect([str(self.job["checks"]), str(CANARY)])
        return True


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
