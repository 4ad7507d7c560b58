#| kata: first_endpoint.client
#| refused_by: test_client_is_not_shared
# One client for the whole module: cookies travel from test to test.
from collections.abc import AsyncIterator

import httpx
import pytest

from waybill.hello import app


shared = httpx.AsyncClient(
    transport=httpx.ASGITransport(app=app), base_url="http://waybill"
)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Open an HTTP client on the app, without a server."""
    yield shared
