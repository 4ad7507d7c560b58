#| kata: first_endpoint.open_client
#| refused_by: test_client_is_open
# Who calls an async def gets a coroutine, and has to await it.
import httpx

from waybill.hello import app


async def open_client() -> httpx.AsyncClient:
    """Return a client that asks the app itself, without a server."""
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://waybill")
