#| kata: caching.share_cache
#| refused_by: test_what_is_written_is_dropped_there
# Puts another Cache in the place of the one that the sessions know.
from redis.asyncio import Redis

from waybill.cache import Cache
from waybill.shared_cache import RedisStore
from waybill.shared_limits import RedisSettings


@asynccontextmanager
async def share_cache(app: FastAPI) -> AsyncIterator[None]:
    """Share an app's cache with its other workers, if there is a Redis."""
    url, own = RedisSettings().redis_url, app.state.cache.store
    if url is None:
        yield
        return
    async with Redis.from_url(
        str(url), socket_timeout=0.1, socket_connect_timeout=0.1
    ) as redis:
        app.state.cache = Cache(RedisStore(redis, own.seconds))
        try:
            yield
        finally:
            app.state.cache.store = own


resources.append(share_cache)
