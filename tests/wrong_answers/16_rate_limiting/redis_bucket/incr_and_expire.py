#| kata: rate_limiting.redis_bucket
#| refused_by: test_it_fills_evenly
# Counts up with INCR: atomic, and a fixed window again.
from math import ceil

from redis.asyncio import Redis

from waybill.limits import Hit, Limit, describe


class RedisBucket:
    """A token bucket that every worker takes from."""

    def __init__(self, redis: Redis, limit: Limit) -> None:
        self.limit = limit
        self._redis = redis

    async def hit(self, key: str) -> Hit:
        """Count a request in the window that it falls into."""
        name = f"waybill:limit:{key}"
        count = await self._redis.incr(name)
        await self._redis.expire(name, ceil(self.limit.seconds))
        left = max(0, self.limit.requests - count)
        return describe(self.limit, count <= self.limit.requests, left)
