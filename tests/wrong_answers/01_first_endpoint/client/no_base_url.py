#| kata: first_endpoint.client
#| refused_by: test_client_gets_an_answer
# A path alone is no address for httpx.
from collections.abc import AsyncIterator

import httpx
import pytest

from waybill.hello import app


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Open an HTTP client on the app, without a server."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport) as client:
        yield client
