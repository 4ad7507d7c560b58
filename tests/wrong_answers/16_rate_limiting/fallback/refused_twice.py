#| kata: rate_limiting.fallback
#| refused_by: test_together_while_it_works
# Whom Redis refuses may try here.
import logging

from redis.exceptions import RedisError

from waybill.limits import Hit, Limiter

log = logging.getLogger("waybill.limits")


class Fallback:
    """Count together; while that fails, count alone rather than not at all."""

    def __init__(self, shared: Limiter, own: Limiter) -> None:
        self.limit = shared.limit
        self._shared = shared
        self._own = own

    async def hit(self, key: str) -> Hit:
        """Count a request where all workers do, or else here."""
        try:
            hit = await self._shared.hit(key)
            return hit if hit.allowed else await self._own.hit(key)
        except RedisError as error:
            log.warning("Redis: %s; counting alone", type(error).__name__)
            return await self._own.hit(key)
