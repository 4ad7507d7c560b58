#| kata: caching.resource
#| refused_by: test_every_waybill_has_a_cache
# One cache that all apps share.
from waybill.cache import Cache, MemoryStore

SHARED = Cache(MemoryStore(7.5, 3))


@asynccontextmanager
async def share(app: FastAPI) -> AsyncIterator[None]:
    app.state.cache = SHARED
    yield


resources.append(share)
