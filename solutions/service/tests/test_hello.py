"""Tests of the front desk."""

from collections.abc import AsyncIterator

import httpx
import pytest

from waybill.hello import app


# kata: first_endpoint.open_client
def open_client() -> httpx.AsyncClient:
    """Return a client that asks the app itself, without a server."""
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://waybill")


# kata: first_endpoint.client
@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Lend a test a client of its own, and close it afterwards."""
    async with open_client() as opened:
        yield opened


# kata: first_endpoint.first_test
@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    assert response.status_code == 200
    assert response.json() == {"message": "Hello from Waybill"}
