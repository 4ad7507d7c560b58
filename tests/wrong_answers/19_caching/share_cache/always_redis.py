#| kata: caching.share_cache
#| refused_by: test_with_a_url_redis_keeps_texts
# Without a URL, it asks a Redis of this machine.
from waybill.shared_cache import RedisStore


@asynccontextmanager
async def share_cache(app: FastAPI) -> AsyncIterator[None]:
    """Share an app's cache with its other workers, if there is a Redis."""
    url, own = RedisSettings().redis_url, app.state.cache.store
    async with Redis.from_url(
        str(url or "redis://127.0.0.1:1"),
        socket_timeout=0.1,
        socket_connect_timeout=0.1,
    ) as redis:
        app.state.cache.store = RedisStore(redis, own.seconds)
        try:
            yield
        finally:
            app.state.cache.store = own


resources.append(share_cache)
