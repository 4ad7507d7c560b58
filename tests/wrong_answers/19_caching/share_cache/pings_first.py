#| kata: caching.share_cache
#| refused_by: test_with_a_url_redis_keeps_texts
# Doesn't start without Redis.
from waybill.shared_cache import RedisStore


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
        await redis.ping()
        app.state.cache.store = RedisStore(redis, own.seconds)
        try:
            yield
        finally:
            app.state.cache.store = own


resources.append(share_cache)
