"""Single keys from the terminal, without waiting for Enter and without blocking."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Pressed = Callable[[], str]
"""Returns the keys that were pressed since it was last asked."""


@contextmanager
def keys() -> Iterator[Pressed]:
    """Read single keys; the terminal is as it was afterwards, whatever happens."""
    if sys.platform == "win32":
        yield _from_windows
    elif sys.stdin.isatty():
        import termios
        import tty

        before = termios.tcgetattr(sys.stdin)
        tty.setcbreak(sys.stdin)
        try:
            yield _from_stdin
        finally:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
    else:
        yield lambda: ""


def _from_stdin() -> str:
    import select

    ready, _, _ = select.select([sys.stdin], [], [], 0)
    return os.read(sys.stdin.fileno(), 64).decode(errors="replace") if ready else ""


def _from_windows() -> str:
    if sys.platform != "win32":
        return ""
    import msvcrt

    return msvcrt.getwch() if sys.stdin.isatty() and msvcrt.kbhit() else ""
