"""What runs in the child process: import the service, run its checks, say so.

Started as `python -P -m kata.runner.child`, with the job as JSON on standard input.
Messages go to the original standard output, one JSON object a line; whatever the code
under test prints goes to standard error instead.
"""

import faulthandler
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from kata.runner.plugin import Emit, Reporter, describe

SETTLED = (0, 1)
"""pytest's exit codes for "all passed" and "some failed"."""


def main() -> None:
    """Run the one job, and leave without waiting for what the code left running."""
    job = json.loads(sys.stdin.buffer.read())
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def emit(message: dict[str, Any]) -> None:
        channel.write(json.dumps(message) + "\n")
        channel.flush()

    with Path(job["stuck"]).open("w", encoding="utf-8") as stuck:
        faulthandler.dump_traceback_later(job["dump_after"], file=stuck)
        done = run(job, emit)
    sys.stdout.flush()
    sys.stderr.flush()
    if done:
        emit({"kind": "done", "nonce": job["nonce"]})
    os._exit(0 if done else 1)


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
    emit({"kind": "import", "failure": None})
    code = pytest.main(
        [
            *("-p", "anyio", "-p", "no:terminal", "--capture=no"),
            *("-c", job["config"], "--rootdir", str(checks.parent.parent), str(checks)),
        ],
        plugins=[Reporter(emit, root, checks)],
    )
    if code not in SETTLED and code != pytest.ExitCode.INTERRUPTED:
        emit({"kind": "fault", "message": f"pytest ended with exit code {code:d}"})
    return code in SETTLED


if __name__ == "__main__":
    main()
