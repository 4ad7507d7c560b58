#| kata: first_endpoint.client
#| refused_by: test_client_gets_an_answer
# No fixture: pytest finds nothing called client.
from collections.abc import AsyncIterator

import httpx

from waybill.hello import app


async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Open an HTTP client on the app, without a server."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://waybill"
    ) as client:
        yield client
