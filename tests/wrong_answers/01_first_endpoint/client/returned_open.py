#| kata: first_endpoint.client
#| refused_by: test_client_is_closed
# A plain fixture hands the client out and forgets it.
import httpx
import pytest

from waybill.hello import app


@pytest.fixture
def client() -> httpx.AsyncClient:
    """Open an HTTP client on the app, without a server."""
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://waybill")
