#| kata: dependencies.override
#| refused_by: test_another_parcel_is_red
# A field that the POST did not answer is a difference: it may be one that nobody should read.
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
    assert parcel.items() <= response.json().items()

@pytest.mark.anyio
async def test_somebody_elses_parcel_is_not_there(
    app: FastAPI, client: AsyncClient
) -> None:
    """Bob can't read Lena's parcel."""
    response = await client.post("/v1/parcels", json=PARCEL)
    assert response.status_code == 201
    bob = Account(id=99, email="bob@example.com")
    app.dependency_overrides[current_account] = lambda: bob
    response = await client.get(f"/v1/parcels/{response.json()['id']}")
    assert response.status_code == 404
