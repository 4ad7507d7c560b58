#| kata: rate_limiting.fallback
#| refused_by: test_the_limit_is_the_shared_one
# `limit` is that of its own limiter.
import logging

from redis.exceptions import RedisError

from waybill.limits import Hit, Limiter


log = logging.getLogger("waybill.limits")


class Fallback:
    """Count together; while that fails, count alone rather than not at all."""

    def __init__(self, shared: Limiter, own: Limiter) -> None:
        self.limit = own.limit
        self._shared = shared
        self._own = own

    async def hit(self, key: str) -> Hit:
        """Count a request where all workers do, or else here."""
        try:
            return await self._shared.hit(key)
        except RedisError as error:
            log.warning("Redis fails (%s), this worker counts alone.", error)
            return await self._own.hit(key)
