#| kata: rate_limiting.fallback
#| refused_by: test_together_again_when_it_is_back
# After some failures, asks the shared one only now and then.
import logging

from pydantic import RedisDsn
from pydantic_settings import BaseSettings, SettingsConfigDict
from redis.exceptions import RedisError

from waybill.limits import Hit, Limiter


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
            self._failures = getattr(self, "_failures", 0)
            if self._failures > 5 and self._failures % 10:
                raise RedisError
            hit = await self._shared.hit(key)
            self._failures = 0
            return hit
        except RedisError as error:
            self._failures += 1
            log.warning("Redis: %s; this worker counts alone", type(error).__name__)
            return await self._own.hit(key)
