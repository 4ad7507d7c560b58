"""How a process says which lines it is at, however busy it is with them."""

import faulthandler
import os
import signal

QUESTION: int | None = getattr(signal, "SIGUSR1", None)
"""The signal that asks a process for its lines, where the system has one."""
ONCE = "Current thread"
"""What every answer says once."""
OFTEN = 0.9
"""The part of the time limit after which it says so, again and again, elsewhere."""


def listen(file: str, time_limit: float) -> None:
    """Write into a file which lines all threads are at, when the question comes.

    That takes no Python, so a loop inside a library can't keep it from answering.
    """
    # The answer needs it for as long as this process lives.
    stuck = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    if QUESTION is None:
        faulthandler.dump_traceback_later(OFTEN * time_limit, repeat=True, file=stuck)
    else:
        faulthandler.register(QUESTION, file=stuck, all_threads=True)
