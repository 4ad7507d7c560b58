#| kata: rate_limiting.fixed_window
#| refused_by: test_a_window_begins_at_a_multiple
# Rounds to the nearest window: it begins half a window early.
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

Clock = Callable[[], float]
"""Returns seconds; they only ever grow."""


@dataclass(frozen=True)
class Limit:
    """So many requests in so many seconds."""

    requests: int
    seconds: float


@dataclass(frozen=True)
class Hit:
    """What became of one request; both times are in seconds from now."""

    allowed: bool
    remaining: int
    wait: float
    """Until the next one is allowed; 0 if it is."""
    reset: float
    """Until all of them are there again."""


class Limiter(Protocol):
    """Something that counts requests."""

    limit: Limit

    async def hit(self, key: str) -> Hit:
        """Count a request of one caller, and tell whether it is allowed."""


class FixedWindow:
    """Count from zero in each window; around its edge twice as many pass."""

    def __init__(self, limit: Limit, clock: Clock = time.monotonic) -> None:
        self.limit = limit
        self._clock = clock
        self._window = 0
        self._counts: Counter[str] = Counter()

    async def hit(self, key: str) -> Hit:
        """Count a request in the window that it falls into."""
        now = self._clock()
        window = round(now / self.limit.seconds)
        if window != self._window:
            self._window = window
            self._counts.clear()
        allowed = self._counts[key] < self.limit.requests
        if allowed:
            self._counts[key] += 1
        remaining = self.limit.requests - self._counts[key]
        reset = (window + 1) * self.limit.seconds - now
        return Hit(allowed, remaining, 0 if remaining else reset, reset)
