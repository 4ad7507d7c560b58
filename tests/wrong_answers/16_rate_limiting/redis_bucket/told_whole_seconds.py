#| kata: rate_limiting.redis_bucket
#| refused_by: test_fractions_come_out
# Redis is told whole seconds.
from redis.asyncio import Redis

from waybill.limits import Hit, Limit, describe

TAKE_TOKEN = """
local requests, seconds = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(bucket[1]) or requests
local at = tonumber(bucket[2]) or now
tokens = math.min(requests, tokens + (now - at) * requests / seconds)
local allowed = 0
if tokens >= 1 then
  tokens = tokens - 1
  allowed = 1
end
now = string.format('%.6f', now)
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', now)
redis.call('EXPIRE', KEYS[1], math.ceil(seconds))
return {allowed, tostring(tokens)}
"""
"""What `hit` does below, for Redis to run; nobody runs it yet."""


class RedisBucket:
    """A token bucket that every worker takes from."""

    def __init__(self, redis: Redis, limit: Limit) -> None:
        self.limit = limit
        self._take = redis.register_script(TAKE_TOKEN)

    async def hit(self, key: str) -> Hit:
        """Take a token from a caller's bucket, if there is one."""
        allowed, tokens = await self._take(
            keys=[f"waybill:limit:{key}"],
            args=[self.limit.requests, max(1, int(self.limit.seconds))],
        )
        return describe(self.limit, bool(allowed), float(tokens))
