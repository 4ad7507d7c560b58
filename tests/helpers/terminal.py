"""A terminal with somebody in front of it: they read, and press keys."""

import os
import re
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.cli import KATA, PATIENCE, NothingSeenError, environment, family

ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
CLEARED = "\x1b[H"


class Terminal:
    """A terminal in which `kata` runs. Waiting ends with what was waited for."""

    def __init__(
        self, ours: int, theirs: int, process: subprocess.Popen[bytes]
    ) -> None:
        self.ours, self.theirs, self.process = ours, theirs, process
        self._said = b""

    def press(self, key: str) -> None:
        """Press a key."""
        os.write(self.ours, key.encode())

    def sees(self, *texts: str) -> str:
        """Read on until one screen shows all of these; return it without colours."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            screen = self.screen()
            if all(text in screen for text in texts):
                return screen
            if select.select([self.ours], [], [], 0.05)[0]:
                self._said += os.read(self.ours, 4096)
        raise NothingSeenError(f"{texts} in {self.screen()!r}")

    def screen(self) -> str:
        """Return what stands on the screen now."""
        text = self._said.decode(errors="replace").rpartition(CLEARED)[2]
        return ESCAPE.sub("", text).replace("\r\n", "\n")

    def attributes(self) -> list[object]:
        """Return how the terminal is set."""
        import termios

        return list(termios.tcgetattr(self.theirs))


def shown_in_terminal(*arguments: str, cwd: Path, **more: str) -> str:
    """Run `kata` in a terminal to its end; return all that it wrote there."""
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [str(KATA), *arguments],
        cwd=cwd,
        env=environment(cwd, {"TERM": "xterm", **more}),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    ):
        os.close(theirs)
        said = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so when nobody writes any more
        return b""


@contextmanager
def terminal(*arguments: str, cwd: Path, **more: str) -> Iterator[Terminal]:
    """Run `kata` in a terminal, and leave nothing of it behind."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [str(KATA), *arguments],
        cwd=cwd,
        env=environment(cwd, {"TERM": "xterm", **more}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    try:
        yield Terminal(ours, theirs, process)
    finally:
        for one in family(process):  # type: ignore[arg-type]
            one.kill()
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)
