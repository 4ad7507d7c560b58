#| kata: rate_limiting.fallback
#| refused_by: test_other_errors_go_on
# Catches Python's own TimeoutError as well.
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
            return await self._shared.hit(key)
        except (RedisError, TimeoutError) as error:
            log.warning("Redis fails (%s), this worker counts alone.", error)
            return await self._own.hit(key)
