#| kata: caching.share_cache
#| refused_by: test_redis_py_knows_how_long_it_may_wait
# Waits for a connection as long as it takes.
from waybill.shared_cache import RedisStore


@asynccontextmanager
async def share_cache(app: FastAPI) -> AsyncIterator[None]:
    """Share an app's cache with its other workers, if there is a Redis."""
    url, own = RedisSettings().redis_url, app.state.cache.store
    if url is None:
        yield
        return
    async with Redis.from_url(
        str(url), socket_timeout=0.1, socket_connect_timeout=30
    ) as redis:
        app.state.cache.store = RedisStore(redis, own.seconds)
        try:
            yield
        finally:
            app.state.cache.store = own


resources.append(share_cache)
