#| kata: dependencies.override
#| refused_by: test_any_order_is_green
# What one test leaves in a list of the module, the other one needs.
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy.ext.asyncio import async_sessionmaker

from waybill.app import create_app
from waybill.database import app_sessions, make_engine
from waybill.dependencies import current_account
from waybill.settings import Settings
from waybill.store import add_account
from waybill.tables import Account, Base

SEEN: list[int] = []

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
    """Waybill with a database of its own; Lena is asking."""
    engine = make_engine(f"sqlite+aiosqlite:///{tmp_path}/waybill.db")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    async with sessions.begin() as session:
        lena = await add_account(session, "lena@example.com")

    app = create_app(Settings(environment="development"))
    app.dependency_overrides[app_sessions] = lambda: sessions
    app.dependency_overrides[current_account] = lambda: lena
    yield app
    await engine.dispose()


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
    SEEN.append(parcel["id"])
    assert {field: parcel[field] for field in PARCEL} == PARCEL


@pytest.mark.anyio
async def test_bob_does_not_read_it(app: FastAPI, client: AsyncClient) -> None:
    """Somebody else's parcel is not there."""
    response = await client.post("/v1/parcels", json=PARCEL)
    assert response.status_code == 201
    bob = Account(id=99, email="bob@example.com")
    app.dependency_overrides[current_account] = lambda: bob
    response = await client.get(f"/v1/parcels/{SEEN[0]}")
    assert response.status_code == 404
