#| kata: caching.cache
#| refused_by: test_fifty_callers_share_one_load
# Between looking and noting, others look as well.
import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection

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
            await asyncio.sleep(0)
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
