#| kata: rate_limiting.limit_app
#| refused_by: test_every_answer_is_limited
# Gives the dependency to the router of the API, which has its routes already.
from fastapi import Depends, HTTPException
from pydantic import PositiveFloat, PositiveInt, RedisDsn
from pydantic_settings import BaseSettings, SettingsConfigDict
from redis.asyncio import Redis

from waybill.limits import Limit, TokenBucket, caller
from waybill.shared_limits import RedisBucket


class LimitSettings(BaseSettings):
    """How often one caller may ask; variables such as WAYBILL_LIMIT_REQUESTS."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    limit_requests: PositiveInt = 100
    limit_seconds: PositiveFloat = 60
    redis_url: RedisDsn | None = None


async def limit_request(request: Request) -> None:
    """Refuse a request with 429, if there were too many."""
    state = request.app.state
    hit = await state.limiter.hit(caller(request, state.settings.secret_key))
    if not hit.allowed:
        raise HTTPException(status.HTTP_429_TOO_MANY_REQUESTS, "Too many requests.")


def limit_requests(app: FastAPI) -> None:
    """Stand a limit around an app, whatever its routes are."""
    settings = LimitSettings()
    limit = Limit(settings.limit_requests, settings.limit_seconds)
    app.state.limiter = TokenBucket(limit)
    api.dependencies.append(Depends(limit_request))


@asynccontextmanager
async def share_limit(app: FastAPI) -> AsyncIterator[None]:
    """Share an app's limit with its other workers, if there is a Redis."""
    url = LimitSettings().redis_url
    if url is None:
        yield
        return
    own = app.state.limiter
    async with Redis.from_url(str(url)) as redis:
        await redis.ping()
        app.state.limiter = RedisBucket(redis, own.limit)
        yield


extensions.append(limit_requests)
resources.append(share_limit)
