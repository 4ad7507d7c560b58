#| kata: dependencies.override
#| refused_by: test_own_database
# The real settings and the real database.
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from waybill.app import create_app
from waybill.dependencies import current_account
from waybill.settings import Settings
from waybill.tables import Account

PARCEL = {
    "to": {
        "name": "Lena Vogt",
        "street": "Torstraße 12",
        "city": "Berlin",
        "postcode": "10119",
        "country": "DE",
    },
    "weight_g": 750,
    "value": "19.90",
}


@pytest.fixture
async def app() -> AsyncIterator[FastAPI]:
    """Waybill as it is."""
    app = create_app(Settings(environment="development"))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A client of that Waybill."""
    transport = ASGITransport(app=app)
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        yield client


@pytest.mark.anyio
async def test_a_parcel_handed_in_can_be_read(client: AsyncClient) -> None:
    """What is handed in is kept."""
    response = await client.post("/v1/parcels", json=PARCEL)
    assert response.status_code == 201
    parcel = response.json()
    response = await client.get(f"/v1/parcels/{parcel['id']}")
    assert response.status_code == 200
    assert response.json() == parcel


@pytest.mark.anyio
async def test_nobody_else_can_read_it(app: FastAPI, client: AsyncClient) -> None:
    """Somebody else's parcel is answered 404."""
    parcel = (await client.post("/v1/parcels", json=PARCEL)).json()
    bob = Account(id=99, email="bob@example.com")
    app.dependency_overrides[current_account] = lambda: bob
    response = await client.get(f"/v1/parcels/{parcel['id']}")
    assert response.status_code == 404
