"""Tests of parcels, through the whole app."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from waybill.app import create_app
from waybill.dependencies import current_account
from waybill.settings import Settings
from waybill.tables import Account

# kata: dependencies.override
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
async def app(tmp_path: Path) -> AsyncIterator[FastAPI]:
    """Waybill with a database of its own."""
    settings = Settings(database_url=f"sqlite+aiosqlite:///{tmp_path}/waybill.db")
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A client of that Waybill."""
    transport = ASGITransport(app=app)
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        yield client


async def test_a_parcel_handed_in_can_be_read(client: AsyncClient) -> None:
    """What is handed in is kept."""
    response = await client.post("/v1/parcels", json=PARCEL)
    assert response.status_code == 201
    parcel = response.json()
    response = await client.get(f"/v1/parcels/{parcel['id']}")
    assert response.status_code == 200
    assert response.json() == parcel


async def test_nobody_else_can_read_it(app: FastAPI, client: AsyncClient) -> None:
    """Somebody else's parcel is answered 404."""
    parcel = (await client.post("/v1/parcels", json=PARCEL)).json()
    app.dependency_overrides[current_account] = lambda: Account(
        id=99, email="bob@example.com"
    )
    response = await client.get(f"/v1/parcels/{parcel['id']}")
    assert response.status_code == 404
