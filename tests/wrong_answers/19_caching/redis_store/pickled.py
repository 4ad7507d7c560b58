#| kata: caching.redis_store
#| refused_by: test_redis_forgets_by_itself
# What most guides show: pickle, and for ever.
import pickle
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
        kept = await self._redis.get(PREFIX + key)
        return pickle.loads(kept) if kept else None

    async def put(self, key: str, text: str) -> None:
        """Keep a text."""
        await self._redis.set(PREFIX + key, pickle.dumps(text))

    async def drop(self, key: str) -> None:
        """Forget a text."""
        await self._redis.delete(PREFIX + key)
