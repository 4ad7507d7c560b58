"""Tests of the front desk."""

from collections.abc import AsyncIterator

import httpx
import pytest

from waybill.hello import app


# kata: first_endpoint.client
@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Open an HTTP client on the app, without a server."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://waybill"
    ) as client:
        yield client


# kata: first_endpoint.first_test
@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    assert response.status_code == 200
    assert response.json() == {"message": "Hello from Waybill"}
