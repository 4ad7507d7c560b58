#| kata: rate_limiting.share_limit
#| refused_by: test_the_app_counts_while_redis_fails
# Without Redis, no limit.
from pydantic import RedisDsn
from pydantic_settings import BaseSettings, SettingsConfigDict
from redis.asyncio import Redis

from waybill.limits import Hit
from waybill.shared_limits import Fallback, RedisBucket


class Open:
    """Lets everybody in."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit

    async def hit(self, key: str) -> Hit:
        """Allow a request."""
        return Hit(True, self.limit.requests, 0, 0)


class RedisSettings(BaseSettings):
    """Where the workers count together, if they do; WAYBILL_REDIS_URL."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    redis_url: RedisDsn | None = None


@asynccontextmanager
async def share_limit(app: FastAPI) -> AsyncIterator[None]:
    """Share an app's limits with its other workers, if there is a Redis."""
    url = RedisSettings().redis_url
    if url is None:
        yield
        return
    limiter, attempts = app.state.limiter, app.state.attempts
    async with Redis.from_url(
        str(url), socket_timeout=0.1, socket_connect_timeout=0.1
    ) as redis:
        app.state.limiter = Fallback(RedisBucket(redis, limiter.limit), Open(limiter.limit))
        app.state.attempts = Fallback(RedisBucket(redis, attempts.limit), attempts)
        try:
            yield
        finally:
            app.state.limiter, app.state.attempts = limiter, attempts


resources.append(share_limit)
