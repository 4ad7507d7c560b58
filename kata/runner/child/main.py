"""What runs in the child process: import the service, run its checks, say so.

Started as `python -P -m kata.runner.child.main`, or forked from `kata.runner.zygote`.
Its standard input says two things, a line each: where the checks lie, so that pytest
can get ready, and the job, which may come much later. The input then stays open: its
end means that nobody waits any more. Messages go to the original standard output, one
JSON object a line; whatever the code under test prints goes to standard error instead.
"""

import faulthandler
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from json import dumps, loads  # the code under test may replace json's own
from pathlib import Path
from typing import IO, Any

from kata.runner.child import memory, where
from kata.runner.child.errand import Errand
from kata.runner.child.plugin import Emit, Message
from kata.runner.child.shield import shielded
from kata.runner.child.stack import import_stack, leave_command_out
from kata.runner.environment import UMASK


def main() -> None:
    """Get ready, run the one job, say so, and wait to be ended with all it started."""
    own = os.getpid()
    # Whoever started all this may ignore it, as a shell's background jobs do.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    jobs = os.fdopen(os.dup(0), "rb")
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)

    def emit(message: Message) -> None:
        channel.write(dumps(message) + "\n")
        channel.flush()

    sys.dont_write_bytecode = True
    leave_command_out()
    first = loads(wait_for_line(jobs))
    if first["ahead"]:
        import_stack(Path(first["service"]) if first["service"] else None)
    errand = Errand(lambda: begin(jobs, emit), emit)
    clear = errand.run(Path(first["suite"]))
    faulthandler.cancel_dump_traceback_later()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # it may have been closed, or taken away
            stream.flush()
    if not clear or os.getpid() != own:  # a copy of this process has nothing to say
        os._exit(1)
    emit({"kind": "done", "nonce": errand.job["nonce"]})
    threading.Event().wait()


def begin(jobs: IO[bytes], emit: Emit) -> dict[str, Any]:
    """Wait for the job, and start it: nothing of it has been imported yet."""
    job: dict[str, Any] = loads(wait_for_line(jobs))
    move_in(job)
    threading.Thread(target=leave_with_parent, args=[jobs], daemon=True).start()
    where.listen(job["stuck"], job["time_limit"])
    memory.limit()
    emit({"kind": "begin"})  # from here on, the clock runs
    return job


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
    os.umask(UMASK)
    if hasattr(time, "tzset"):
        time.tzset()  # the time zone is the one variable that Python reads only once


def leave_with_parent(jobs: IO[bytes]) -> None:
    """End this process when the one that started it has closed the pipe, or died."""
    jobs.read()
    os._exit(0)


if __name__ == "__main__":
    shielded(main)
