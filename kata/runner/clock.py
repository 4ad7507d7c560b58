"""How long a job has taken: what it has computed, and what it has waited, apart.

By the clock on the wall, a right answer on a busy machine takes as long as a loop
without an end on a quiet one. So a job's time is what it has computed, and beside it
the time in which it had nothing to compute. The time in which it stands in line for a
processor counts for neither.
"""

import time
from collections.abc import Callable
from pathlib import Path

from kata.runner.report import Ending

START = 120.0
"""Seconds that a process may take until it begins with a job, and to do any job."""
LOOK = 0.2
"""Seconds between two looks at what a job is doing."""
LONGEST_LOOK = 0.5
"""Seconds that one look may stand for: the time before may have been spent asleep."""
FAR = 20
"""Times the limit that a job may take by the wall, whatever it does."""
SHARE = 0.02
"""What computes less than this share of the time is thought to wait."""
UNSURE = 3
"""By that alone, it may as well stand in line: such waiting counts so much less."""
IN_LINE = Path("/proc/thread-self/schedstat")
"""Where Linux tells how long a thread has stood in line for a processor."""


class Clock:
    """Watches the time of one job, from the moment that it begins.

    `computed` returns the seconds that it has computed so far, and perhaps some before
    it began. `is_busy` tells whether it has something to compute right now, where that
    can be told. `in_line` returns the seconds that it has stood in line for a
    processor, for a job that is done by the very thread that looks: that one is busy
    whenever it does.
    """

    def __init__(
        self,
        limit: float,
        computed: Callable[[], float],
        is_busy: Callable[[], bool] | None = None,
        in_line: Callable[[], float] | None = None,
    ) -> None:
        self.limit = limit
        self.computed = computed
        self.is_busy = is_busy
        self.in_line = in_line
        self.begun = False
        self._elapsed = self._computed = self._waited = self._before = 0.0
        self._stood = 0.0
        self._last = time.monotonic()

    def begin(self) -> None:
        """Note that the job has begun."""
        self._elapsed = 0.0
        self._before = self.computed()
        self._stood = self.in_line() if self.in_line else 0.0
        self._last = time.monotonic()
        self.begun = True  # last: a signal may have somebody look in between

    def look(self) -> Ending | None:
        """Return why the job has to be stopped, or nothing."""
        now = time.monotonic()
        if now - self._last < LOOK:
            return None
        passed, self._last = min(now - self._last, LONGEST_LOOK), now
        self._elapsed += passed
        if not self.begun:
            return Ending.STARVED if self._elapsed > START else None
        self._note(passed)
        if self._computed >= self.limit:
            return Ending.TIMED_OUT
        if self._waited >= self.limit:
            return Ending.WAITED
        far = max(START, FAR * self.limit)
        return Ending.STARVED if self._elapsed > far else None

    def _note(self, passed: float) -> None:
        """Add what the job has done in the time that has passed since the last look."""
        # What a process has computed is lost with it, where nobody waited for its end.
        total = max(self.computed() - self._before, self._computed)
        computed, self._computed = total - self._computed, total
        if self.is_busy:
            self._waited += 0 if self.is_busy() else passed
        elif self.in_line:
            before, self._stood = self._stood, self.in_line()
            stood = self._stood - before
            self._waited += max(0.0, passed - computed - stood)
        elif computed / passed < SHARE:
            self._waited += passed / UNSURE


def own_line() -> Callable[[], float] | None:
    """Return what tells how long this thread has stood in line, where that is known."""
    return _stood_in_line if IN_LINE.exists() else None


def _stood_in_line() -> float:
    return int(IN_LINE.read_text(encoding="ascii").split()[1]) / 1e9
