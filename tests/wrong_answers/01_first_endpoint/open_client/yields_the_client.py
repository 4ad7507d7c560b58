#| kata: first_endpoint.open_client
#| refused_by: test_client_is_open
# A generator is no client.
from collections.abc import AsyncIterator

import httpx

from waybill.hello import app


async def open_client() -> AsyncIterator[httpx.AsyncClient]:
    """Return a client that asks the app itself, without a server."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://waybill"
    ) as client:
        yield client
