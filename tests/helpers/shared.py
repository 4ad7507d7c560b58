"""One warm process for all kernels and commands that tests start.

Each would take a second to get its own warm. Tests of what a warm process gets from the
machine, or of having one, start another: `**OWN`.
"""

from contextlib import ExitStack

from kata.runner.shared import listening_warm_process
from kata.runner.warm import ADDRESS, WarmRunner

OWN = {ADDRESS: ""}
"""Variables of a command that is to have a warm process of its own."""


class Shared:
    """The warm process, which starts when somebody first asks where it is."""

    def __init__(self) -> None:
        self.address = ""
        self.pid = 0
        self._open = ExitStack()

    def variables(self) -> dict[str, str]:
        """Return the variables of a process that is to use it."""
        if not self.pid and WarmRunner.available():
            started = listening_warm_process()
            self.address, self.pid = self._open.enter_context(started)
        return {ADDRESS: self.address}

    def close(self) -> None:
        """End it."""
        self._open.close()


SHARED = Shared()
