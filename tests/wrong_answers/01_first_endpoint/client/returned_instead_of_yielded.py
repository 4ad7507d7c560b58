#| kata: first_endpoint.client
#| refused_by: test_client_gets_an_answer
# return leaves the block: the client is closed before the test begins.
import httpx
import pytest

from waybill.hello import app


@pytest.fixture
async def client() -> httpx.AsyncClient:
    """Open an HTTP client on the app, without a server."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://waybill"
    ) as client:
        return client
