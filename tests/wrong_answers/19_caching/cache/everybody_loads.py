#| kata: caching.cache
#| refused_by: test_fifty_callers_share_one_load
# The cache of most guides.
import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection

Load = Callable[[], Awaitable[str | None]]


class Cache:
    """Answers from a store, and loads what isn't there."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._loads: dict[str, asyncio.Task[str | None]] = {}

    async def get(self, key: str, load: Load) -> str | None:
        """Return what is kept under a key, or else what `load` returns."""
        text = await self.store.get(key)
        if text is not None:
            return text
        text = await load()
        if text is not None:
            await self.store.put(key, text)
        return text

    async def drop(self, key: str) -> None:
        """Forget what is kept under a key: it is no longer true."""
        await self.store.drop(key)


async def app_cache(connection: HTTPConnection) -> Cache:
    """Return the cache of the app that a request came to."""
    cache: Cache = connection.app.state.cache
    return cache


AppCache = Annotated[Cache, Depends(app_cache)]
