#| kata: first_endpoint.client
#| refused_by: test_client_asks_the_app_itself
# A new app, so the tests say nothing about Waybill's.
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Open an HTTP client on the app, without a server."""
    transport = httpx.ASGITransport(app=FastAPI())
    async with httpx.AsyncClient(
        transport=transport, base_url="http://waybill"
    ) as client:
        yield client
