#| kata: caching.memory_store
#| refused_by: test_putting_again_begins_anew
# What is there is never replaced.
import time
from collections import OrderedDict
from typing import Protocol

from waybill.limits import Clock


class Store(Protocol):
    """Something that keeps texts for a while."""

    async def get(self, key: str) -> str | None:
        """Return what is kept, if it is still good."""

    async def put(self, key: str, text: str) -> None:
        """Keep a text."""

    async def drop(self, key: str) -> None:
        """Forget a text."""


class MemoryStore:
    """Keeps texts in this process: for so many seconds, and at most so many."""

    def __init__(
        self, seconds: float, most: int, clock: Clock = time.monotonic
    ) -> None:
        self.seconds = seconds
        self.most = most
        self._clock = clock
        self._kept: OrderedDict[str, tuple[str, float]] = OrderedDict()
        # of each key: its text, and until when it is good

    async def get(self, key: str) -> str | None:
        """Return what is kept, if it is still good."""
        text, until = self._kept.get(key, ("", 0.0))
        if self._clock() >= until:
            self._kept.pop(key, None)
            return None
        self._kept.move_to_end(key)
        return text

    async def put(self, key: str, text: str) -> None:
        """Keep a text."""
        self._kept.setdefault(key, (text, self._clock() + self.seconds))
        self._kept.move_to_end(key)
        if len(self._kept) > self.most:
            self._kept.popitem(last=False)

    async def drop(self, key: str) -> None:
        """Forget a text."""
        self._kept.pop(key, None)
