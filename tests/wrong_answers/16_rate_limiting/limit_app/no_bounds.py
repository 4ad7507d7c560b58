#| kata: rate_limiting.limit_app
#| refused_by: test_wrong_settings_stop_the_start
# A limit of 0 shuts everybody out.
from pydantic import RedisDsn
from pydantic_settings import BaseSettings, SettingsConfigDict
from redis.asyncio import Redis

from waybill.limits import Limit, LimitMiddleware, TokenBucket
from waybill.shared_limits import Fallback, RedisBucket


class LimitSettings(BaseSettings):
    """How often one caller may ask; variables such as WAYBILL_LIMIT_REQUESTS."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    limit_requests: int = 100
    limit_seconds: float = 60
    redis_url: RedisDsn | None = None


def limit_requests(app: FastAPI) -> None:
    """Stand a limit around an app, whatever its routes are."""
    settings = LimitSettings()
    limit = Limit(settings.limit_requests, settings.limit_seconds)
    app.state.limiter = TokenBucket(limit)
    app.add_middleware(LimitMiddleware)


@asynccontextmanager
async def share_limit(app: FastAPI) -> AsyncIterator[None]:
    """Share an app's limit with its other workers, if there is a Redis."""
    url = LimitSettings().redis_url
    if url is None:
        yield
        return
    own = app.state.limiter
    async with Redis.from_url(
        str(url), socket_timeout=0.25, socket_connect_timeout=0.25
    ) as redis:
        app.state.limiter = Fallback(RedisBucket(redis, own.limit), own)
        try:
            yield
        finally:
            app.state.limiter = own


extensions.append(limit_requests)
resources.append(share_limit)
