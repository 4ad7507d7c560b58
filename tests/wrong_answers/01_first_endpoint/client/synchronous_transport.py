#| kata: first_endpoint.client
#| refused_by: test_client_gets_an_answer
# WSGI is the older, synchronous interface.
from collections.abc import AsyncIterator

import httpx
import pytest

from waybill.hello import app


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Open an HTTP client on the app, without a server."""
    transport = httpx.WSGITransport(app=app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://waybill"
    ) as client:
        yield client
