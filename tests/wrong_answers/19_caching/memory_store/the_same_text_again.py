#| kata: caching.memory_store
#| refused_by: test_putting_again_begins_anew
# Begins a new time for another text only.
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
        if key not in self._kept:
            return None
        text, until = self._kept[key]
        if self._clock() >= until:
            del self._kept[key]
            return None
        self._kept.move_to_end(key)
        return text

    async def put(self, key: str, text: str) -> None:
        """Keep a text."""
        before = self._kept.get(key)
        if before is None or before[0] != text:
            self._kept[key] = text, self._clock() + self.seconds
        self._kept.move_to_end(key)
        while len(self._kept) > self.most:
            self._kept.popitem(last=False)

    async def drop(self, key: str) -> None:
        """Forget a text."""
        self._kept.pop(key, None)
