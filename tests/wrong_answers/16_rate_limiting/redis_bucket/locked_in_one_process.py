#| kata: rate_limiting.redis_bucket
#| refused_by: test_at_once_no_more_pass
# A lock of one limiter: other workers don't know it.
import asyncio
import json
import time
from math import ceil

from redis.asyncio import Redis

from waybill.limits import Hit, Limit, describe


class RedisBucket:
    """A token bucket that every worker takes from."""

    def __init__(self, redis: Redis, limit: Limit) -> None:
        self.limit = limit
        self._redis = redis
        self._lock = asyncio.Lock()

    async def hit(self, key: str) -> Hit:
        """Take a token from a caller's bucket, if there is one."""
        async with self._lock:
            return await self._take(key)

    async def _take(self, key: str) -> Hit:
        name, full, now = f"waybill:limit:{key}", self.limit.requests, time.time()
        stored = await self._redis.get(name)
        tokens, at = json.loads(stored) if stored else (full, now)
        tokens = min(full, tokens + (now - at) * full / self.limit.seconds)
        allowed = tokens >= 1
        if allowed:
            tokens -= 1
        bucket = json.dumps([tokens, now])
        await self._redis.set(name, bucket, ex=ceil(self.limit.seconds))
        return describe(self.limit, allowed, tokens)
