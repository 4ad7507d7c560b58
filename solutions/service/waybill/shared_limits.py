"""The same limit for all workers, counted in Redis."""

import logging

from pydantic import RedisDsn
from pydantic_settings import BaseSettings, SettingsConfigDict
from redis.asyncio import Redis
from redis.exceptions import RedisError

from waybill.limits import Hit, Limit, Limiter, describe

# kata: rate_limiting.redis_bucket
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
"""Runs inside Redis as one step; nobody else gets a turn in between."""


class RedisBucket:
    """A token bucket that every worker takes from."""

    def __init__(self, redis: Redis, limit: Limit) -> None:
        self.limit = limit
        self._take_token = redis.register_script(TAKE_TOKEN)

    async def hit(self, key: str) -> Hit:
        """Take a token from a caller's bucket, if there is one."""
        allowed, tokens = await self._take_token(
            keys=[f"waybill:limit:{key}"],
            args=[self.limit.requests, self.limit.seconds],
        )
        return describe(self.limit, bool(allowed), float(tokens))


# kata: rate_limiting.fallback
log = logging.getLogger("waybill.limits")


class RedisSettings(BaseSettings):
    """Where the workers meet, if they do; WAYBILL_REDIS_URL."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    redis_url: RedisDsn | None = None


class Fallback:
    """Count together; while that fails, count alone rather than not at all."""

    def __init__(self, shared: Limiter, own: Limiter) -> None:
        self.limit = shared.limit
        self._shared = shared
        self._own = own

    async def hit(self, key: str) -> Hit:
        """Count a request where all workers do, or else here."""
        try:
            return await self._shared.hit(key)
        except RedisError as error:
            log.warning("Redis: %s; counting alone", type(error).__name__)
            return await self._own.hit(key)
