#| kata: rate_limiting.share_limit
#| refused_by: test_the_app_counts_while_redis_fails
# While Redis fails, a fresh limiter counts attempts.
from pydantic import RedisDsn
from pydantic_settings import BaseSettings, SettingsConfigDict
from redis.asyncio import Redis

from waybill.shared_limits import Fallback, RedisBucket


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
        app.state.limiter = Fallback(RedisBucket(redis, limiter.limit), limiter)
        app.state.attempts = Fallback(RedisBucket(redis, attempts.limit), FixedWindow(attempts.limit))
        try:
            yield
        finally:
            app.state.limiter, app.state.attempts = limiter, attempts


resources.append(share_limit)
