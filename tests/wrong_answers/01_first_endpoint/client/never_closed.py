#| kata: first_endpoint.client
#| refused_by: test_client_is_closed
# Yielded, and never closed.
from collections.abc import AsyncIterator

import httpx
import pytest

from waybill.hello import app


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Open an HTTP client on the app, without a server."""
    transport = httpx.ASGITransport(app=app)
    yield httpx.AsyncClient(transport=transport, base_url="http://waybill")
