"""What a process and all that it has started are doing."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from kata.runner.clock import Clock

PROC = Path("/proc")
SHOWS_STATES = (PROC / "self" / "task").is_dir()
BUSY = {"R", "D"}
"""States of a thread that computes, stands in line for a processor, or for a disk."""


def clock_of(pid: int, limit: float) -> Clock:
    """Return a clock for the job that a process will do."""
    family = Family(pid)
    return Clock(limit, family.computed, family.is_busy if SHOWS_STATES else None)


class Family:
    """A process, and all that it has started."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def computed(self) -> float:
        """Return the seconds that they have computed, with children that ended."""
        total = 0.0
        for process in self._members():
            with suppress(psutil.Error):
                times = process.cpu_times()
                total += times.user + times.system
                total += times.children_user + times.children_system
        return total

    def is_busy(self) -> bool:
        """Tell whether one of them computes, or would if it were its turn."""
        return any(_states(process.pid) & BUSY for process in self._members())

    def _members(self) -> Iterator[psutil.Process]:
        with suppress(psutil.Error):
            process = psutil.Process(self.pid)
            yield process
            yield from process.children(recursive=True)


def _states(pid: int) -> set[str]:
    """Return the states of a process's threads."""
    states = set()
    for thread in (PROC / str(pid) / "task").glob("*/stat"):
        with suppress(OSError):  # it has ended
            # The name before it is the program's own, and may hold any character.
            states.add(thread.read_text(errors="replace").rpartition(") ")[2][:1])
    return states
