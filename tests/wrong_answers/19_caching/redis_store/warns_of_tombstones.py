#| kata: caching.redis_store
#| refused_by: test_after_a_drop_nothing_is_found
# Takes a tombstone for nonsense, and warns each time.
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis
from redis.exceptions import RedisError

log = logging.getLogger("waybill.cache")
PREFIX = "waybill:cache:1:"
"""The number changes with the shape of what is kept: old texts are never found."""
LONGEST_LOAD = 30
"""Seconds after which no load is running any more that began before a drop."""


@contextmanager
def forgiving() -> Iterator[None]:
    """Let a Redis that fails, or holds nonsense, be no more than an empty one."""
    try:
        yield
    except (RedisError, ValueError) as error:
        log.warning("Redis: %s; not cached", type(error).__name__)


class RedisStore:
    """Keeps texts for all workers."""

    def __init__(self, redis: Redis, seconds: float) -> None:
        self.seconds = seconds
        self._redis = redis

    async def get(self, key: str) -> str | None:
        """Return what is kept, if it is still good."""
        with forgiving():
            kept = await self._redis.get(PREFIX + key)
            if isinstance(kept, bytes):  # a tombstone is empty
                json.loads(kept)
                return kept.decode()
        return None

    async def put(self, key: str, text: str) -> None:
        """Keep a text, unless its key was dropped a moment ago."""
        milliseconds = int(self.seconds * 1000)
        with forgiving():
            await self._redis.set(PREFIX + key, text, px=milliseconds, nx=True)

    async def drop(self, key: str) -> None:
        """Forget a text, and leave a tombstone for those who still load it."""
        with forgiving():
            await self._redis.set(PREFIX + key, "", px=LONGEST_LOAD * 1000)
