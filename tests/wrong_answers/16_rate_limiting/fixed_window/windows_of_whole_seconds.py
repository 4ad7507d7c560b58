#| kata: rate_limiting.fixed_window
#| refused_by: test_a_window_begins_at_a_multiple
# A window has whole seconds, whatever the limit says.
import time
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
        self._window = -1.0
        self._counts: dict[str, int] = {}

    async def hit(self, key: str) -> Hit:
        """Count a request in the window that it falls into."""
        now, seconds = self._clock(), max(1, round(self.limit.seconds))
        if now // seconds != self._window:
            self._window = now // seconds
            self._counts = {}
        count = self._counts[key] = self._counts.get(key, 0) + 1
        reset = seconds - now % seconds
        full = count >= self.limit.requests
        return Hit(
            allowed=count <= self.limit.requests,
            remaining=max(0, self.limit.requests - count),
            wait=reset if full else 0,
            reset=reset,
        )
