#| kata: websockets.resource
#| refused_by: test_other_resources_stay
# All apps of a process share one hub.
from waybill.hub import Hub
from waybill.push import push_scans

SHARED = Hub()


@asynccontextmanager
async def share(app: FastAPI) -> AsyncIterator[None]:
    """One hub for all."""
    app.state.hub = SHARED
    yield


resources.append(share)
resources.append(push_scans)
