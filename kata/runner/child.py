"""What runs in the child process: import the service, run its checks, say so.

Started as `python -P -m kata.runner.child`, or forked from `kata.runner.zygote`. Its
standard input says two things, a line each: where the checks lie, so that pytest can
get ready, and the job, which may come much later. The input then stays open: its end
means that nobody waits any more. Messages go to the original standard output, one JSON
object a line; whatever the code under test prints goes to standard error instead.
"""

import faulthandler
import importlib
import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pytest

from kata.runner import memory
from kata.runner.plugin import CANARY, Emit, Message, Reporter, describe

STACK = ("fastapi.security", "pydantic_settings", "sqlalchemy.ext.asyncio", "aiosqlite")
OPTIONS = ("-p", "anyio", "-p", "no:terminal", "-p", "no:faulthandler", "--capture=no")
SETTLED = (0, 1)
"""pytest's exit codes for "all passed" and "some failed"."""
EXPLAINED = (*SETTLED, pytest.ExitCode.INTERRUPTED, pytest.ExitCode.NO_TESTS_COLLECTED)
"""Those that other messages, or their absence, explain."""


def main() -> None:
    """Get ready, run the one job, say so, and wait to be ended with all it started."""
    # Whoever started all this may ignore it, as a shell's background jobs do.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    jobs = os.fdopen(os.dup(0), "rb")
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)

    def emit(message: Message) -> None:
        channel.write(json.dumps(message) + "\n")
        channel.flush()

    sys.dont_write_bytecode = True
    first = json.loads(wait_for_line(jobs))
    if first["ahead"]:
        import_stack()
    suite = first["suite"]
    errand = Errand(jobs, emit)
    where = ("-c", f"{suite}/pytest.ini", "--rootdir", suite, suite)
    code = pytest.main([*OPTIONS, *where], plugins=[errand])
    faulthandler.cancel_dump_traceback_later()
    explained = code in EXPLAINED or not errand.imported or errand.reporter.stopped
    if not explained:
        emit({"kind": "fault", "message": f"pytest ended with exit code {code:d}"})
    sys.stdout.flush()
    sys.stderr.flush()
    if not explained:
        os._exit(1)
    emit({"kind": "done", "nonce": errand.job["nonce"]})
    threading.Event().wait()


class Errand:
    """A pytest plugin that waits for the job when pytest is ready, and starts it."""

    def __init__(self, jobs: IO[bytes], emit: Emit) -> None:
        self.jobs = jobs
        self.emit = emit
        self.job: dict[str, Any] = {}
        self.imported = False

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Wait for the job, and import the module it names."""
        self.job = job = json.loads(wait_for_line(self.jobs))
        move_in(job)
        threading.Thread(
            target=leave_with_parent, args=[self.jobs], daemon=True
        ).start()
        self.emit({"kind": "begin"})
        left = max(0.05, job["dump_at"] - time.time())
        self.stuck = Path(job["stuck"]).open("w", encoding="utf-8")  # noqa: SIM115 - kept open for the timer
        faulthandler.dump_traceback_later(left, file=self.stuck)
        root, checks = Path(job["root"]), Path(job["checks"])
        memory.limit()
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
            session.perform_collect([self.job["checks"], str(CANARY)])
        return True


def import_stack() -> None:
    """Import what lessons need beside what all checks share, where it is installed."""
    for module in STACK:
        with suppress(ImportError):
            importlib.import_module(module)


def wait_for_line(jobs: IO[bytes]) -> str:
    """Return the next line; end this process if nobody is there to send one."""
    line = jobs.readline().decode()
    if not line:
        os._exit(0)
    return line.rstrip("\n")


def move_in(job: dict[str, Any]) -> None:
    """Take over the folder and the environment that the job names."""
    # Not the workspace: its .env and its database are no business of the checks.
    os.chdir(job["folder"])
    os.environ.clear()
    os.environ.update(job["environment"])
    if hasattr(time, "tzset"):
        time.tzset()  # the time zone is the one variable that Python reads only once


def leave_with_parent(jobs: IO[bytes]) -> None:
    """End this process when the one that started it has closed the pipe, or died."""
    jobs.read()
    os._exit(0)


def imported_below(root: Path) -> list[str]:
    """Return the files below a folder that have been imported, relative to it."""
    below = f"{root}{os.sep}"  # text is compared: there are more than a thousand
    files = [getattr(module, "__file__", None) or "" for module in sys.modules.values()]
    return sorted(
        Path(file).relative_to(root).as_posix()
        for file in files
        if file.startswith(below)
    )


if __name__ == "__main__":
    main()
