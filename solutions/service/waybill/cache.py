import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol

from fastapi import Depends
from fastapi.requests import HTTPConnection

from waybill.limits import Clock


# kata: caching.memory_store
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
        self._kept[key] = text, self._clock() + self.seconds
        self._kept.move_to_end(key)
        if len(self._kept) > self.most:
            self._kept.popitem(last=False)

    async def drop(self, key: str) -> None:
        """Forget a text."""
        self._kept.pop(key, None)


# kata: caching.cache
Load = Callable[[], Awaitable[str | None]]


class Cache:
    """Answers from a store; what isn't there is loaded once for all who want it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._loads: dict[str, asyncio.Task[str | None]] = {}

    async def get(self, key: str, load: Load) -> str | None:
        """Return what is kept under a key, or else what `load` returns."""
        text = await self.store.get(key)
        if text is not None:
            return text
        task = self._loads.get(key)
        if task is None:
            task = self._loads[key] = asyncio.create_task(self._load(key, load))
        return await asyncio.shield(task)

    async def drop(self, key: str) -> None:
        """Forget what is kept under a key: it is no longer true."""
        self._loads.pop(key, None)  # its result would be kept, and may be old
        await self.store.drop(key)

    async def _load(self, key: str, load: Load) -> str | None:
        """Load a text, and keep it if nobody has dropped its key meanwhile."""
        task = asyncio.current_task()
        try:
            text = await load()
            if text is not None and self._loads.get(key) is task:
                await self.store.put(key, text)
            return text
        finally:
            if self._loads.get(key) is task:
                del self._loads[key]


async def app_cache(connection: HTTPConnection) -> Cache:
    """Return the cache of the app that a request came to."""
    cache: Cache = connection.app.state.cache
    return cache


AppCache = Annotated[Cache, Depends(app_cache)]
