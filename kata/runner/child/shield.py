"""A process that stands between the notebook and the checks.

The code under test may end its parent: by mistake, or with a line that was copied. Its
parent is this process then, and not the kernel that asked for the checks.
"""

import os
import signal
from collections.abc import Callable
from contextlib import suppress

from kata.runner.child.where import QUESTION

PIPES = (0, 1, 2)


def shielded(run: Callable[[], None]) -> None:
    """Run something in a child of this process, and end as that has ended."""
    if not hasattr(os, "fork"):
        return run()
    # The child may be asked before it listens: that must not end it.
    if QUESTION is not None:
        signal.signal(QUESTION, signal.SIG_IGN)
    child = os.fork()
    if child == 0:
        return run()
    if QUESTION is not None:
        signal.signal(QUESTION, lambda *_: _pass_on(child))
    for pipe in PIPES:  # its end is what tells that a process is gone
        os.close(pipe)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        with suppress(OSError, ValueError):  # SIGKILL has no handler to take away
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(abs(code))


def _pass_on(child: int) -> None:
    if QUESTION is not None:
        with suppress(ProcessLookupError):
            os.kill(child, QUESTION)
