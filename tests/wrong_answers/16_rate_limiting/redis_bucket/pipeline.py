#| kata: rate_limiting.redis_bucket
#| refused_by: test_at_once_no_more_pass
# A transaction around the writing alone: the reading came before.
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

    async def hit(self, key: str) -> Hit:
        """Take a token from a caller's bucket, if there is one."""
        name, full, now = f"waybill:limit:{key}", self.limit.requests, time.time()
        stored = await self._redis.get(name)
        tokens, at = json.loads(stored) if stored else (full, now)
        tokens = min(full, tokens + (now - at) * full / self.limit.seconds)
        allowed = tokens >= 1
        if allowed:
            tokens -= 1
        bucket = json.dumps([tokens, now])
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(name, bucket)
            pipe.expire(name, ceil(self.limit.seconds))
            await pipe.execute()
        return describe(self.limit, allowed, tokens)
