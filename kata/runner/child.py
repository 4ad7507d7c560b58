"""What runs in the child process: import the service, run its checks, say so.

Started as `python -P -m kata.runner.child`, or forked from `kata.runner.zygote`, with
the job as a line of JSON on standard input, which then stays open: its end means that
nobody waits any more. Messages go to the original standard output, one JSON object a
line; whatever the code under test prints goes to standard error instead.
"""

import faulthandler
import importlib
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

import pytest

from kata.runner.plugin import Emit, Reporter, describe

OPTIONS = ("-p", "anyio", "-p", "no:terminal", "-p", "no:faulthandler", "--capture=no")
SETTLED = (0, 1)
"""pytest's exit codes for "all passed" and "some failed"."""


def main() -> None:
    """Run the one job, say so, and wait to be ended with all that was started."""
    jobs = os.fdopen(os.dup(0), "rb")
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    job = json.loads(jobs.readline())
    move_in(job)
    parent = threading.Thread(target=leave_with_parent, args=[jobs], daemon=True)
    parent.start()

    def emit(message: dict[str, Any]) -> None:
        channel.write(json.dumps(message) + "\n")
        channel.flush()

    emit({"kind": "begin"})
    with Path(job["stuck"]).open("w", encoding="utf-8") as stuck:
        left = max(0.05, job["dump_at"] - time.time())
        faulthandler.dump_traceback_later(left, file=stuck)
        done = run(job, emit)
    sys.stdout.flush()
    sys.stderr.flush()
    if not done:
        os._exit(1)
    emit({"kind": "done", "nonce": job["nonce"]})
    parent.join()


def move_in(job: dict[str, Any]) -> None:
    """Take over the folder and the environment that the job names."""
    os.chdir(job["root"])
    os.environ.clear()
    os.environ.update(job["environment"])
    if hasattr(time, "tzset"):
        time.tzset()  # the time zone is the one variable that Python reads only once


def leave_with_parent(jobs: IO[bytes]) -> None:
    """End this process when the one that started it has closed the pipe, or died."""
    jobs.read()
    os._exit(0)


def run(job: dict[str, Any], emit: Emit) -> bool:
    """Import the module, then run the checks; return whether pytest came to its end."""
    root, checks = Path(job["root"]), Path(job["checks"])
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(root))
    try:
        importlib.import_module(job["module"])
    except BaseException as error:  # noqa: BLE001 - whatever the cell raises is told
        emit({"kind": "import", "failure": describe(error, root)})
        return True
    emit({"kind": "import", "failure": None, "files": imported_below(root)})
    where = ("-c", job["config"], "--rootdir", str(checks.parent.parent), str(checks))
    reporter = Reporter(emit, root, checks)
    code = pytest.main([*OPTIONS, *where], plugins=[reporter])
    if code not in SETTLED and code != pytest.ExitCode.INTERRUPTED:
        emit({"kind": "fault", "message": f"pytest ended with exit code {code:d}"})
    return code in SETTLED


def imported_below(root: Path) -> list[str]:
    """Return the files below a folder that have been imported, relative to it."""
    files = (getattr(module, "__file__", None) for module in sys.modules.values())
    paths = [Path(file) for file in files if file]
    return sorted(
        path.relative_to(root).as_posix() for path in paths if path.is_relative_to(root)
    )


if __name__ == "__main__":
    main()
