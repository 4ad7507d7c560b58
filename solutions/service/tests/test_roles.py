"""A test that each role gets in where it may, and nowhere else."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import async_sessionmaker

from waybill.app import create_app
from waybill.database import make_engine
from waybill.keys import make_key
from waybill.settings import Settings
from waybill.store import add_account
from waybill.tables import Base, Role, now
from waybill.tokens import issue_token

# kata: permissions.roles
KEY = SecretStr("k" * 32)
ACCOUNTS = {"sender", "courier", "dispatcher"}
STAFF = ACCOUNTS - {"sender"}
CALLERS = {*ACCOUNTS, "nobody", "depot"}
TABLE = {
    "GET /health": CALLERS,
    "HEAD /health": CALLERS,
    "GET /v1/carriers": CALLERS,
    "GET /v1/carriers/notice": CALLERS,
    "GET /v1/quotes": CALLERS,
    "POST /v1/quotes/boxes": CALLERS,
    "GET /v1/rates": CALLERS,
    "POST /v1/rates/price": CALLERS,
    "GET /v1/rates/{country}": CALLERS,
    "GET /v1/rates/{country}/offers": CALLERS,
    "GET /v1/rates/{country}/terms": CALLERS,
    "GET /v1/track/{code}": CALLERS,
    "POST /v1/accounts": CALLERS,
    "POST /v1/token": CALLERS,
    "GET /v1/me": ACCOUNTS,
    "GET /v1/summary": ACCOUNTS,
    "PUT /v1/me/password": ACCOUNTS,
    "POST /v1/logout/everywhere": ACCOUNTS,
    "GET /v1/parcels": ACCOUNTS,
    "POST /v1/parcels": ACCOUNTS,
    "GET /v1/parcels/{parcel_id}": ACCOUNTS,
    "PATCH /v1/parcels/{parcel_id}": ACCOUNTS,
    "DELETE /v1/parcels/{parcel_id}": ACCOUNTS,
    "GET /v1/parcels/{parcel_id}/changes": ACCOUNTS,
    # Lesson 20 adds these.
    "GET /v1/parcels/{parcel_id}/events": ACCOUNTS,
    "GET /v1/exports/parcels.csv": ACCOUNTS,
    "GET /v1/exports/parcels.jsonl": ACCOUNTS,
    "GET /v1/forms/{name:path}": ACCOUNTS,
    # Lesson 21 adds this.
    "POST /v1/depots/{depot}/tickets": STAFF,
    # Lesson 23 adds this.
    "GET /v1/depots/{depot}/days/{day}": STAFF,
    # Lesson 24 adds this.
    "GET /v1/search": ACCOUNTS,
    "GET /v1/depots/{depot}/scans": STAFF,
    "POST /v1/parcels/{parcel_id}/scans": STAFF,
    "GET /v1/dispatch/parcels": STAFF,
    "PUT /v1/dispatch/parcels/{parcel_id}/courier": {"dispatcher"},
    "PATCH /v1/dispatch/accounts/{account_id}": {"dispatcher"},
    "GET /v1/dispatch/keys": {"dispatcher"},
    "POST /v1/dispatch/keys": {"dispatcher"},
    "DELETE /v1/dispatch/keys/{prefix}": {"dispatcher"},
    "POST /v1/scans": {"depot"},
}
"""Who may use which route; a route that isn't here is nobody's."""


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[FastAPI]:
    """Waybill as in production: without docs, and here with empty tables."""
    app = create_app(Settings(environment="production", secret_key=KEY))
    engine = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'waybill.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
    yield app
    await engine.dispose()


@pytest.fixture
async def proofs(app: FastAPI) -> dict[str, dict[str, str]]:
    """What each caller shows, as headers."""
    key, row = make_key("BER")
    shown = {"depot": key}
    async with app.state.sessions.begin() as session:
        session.add(row)
        for role in Role:
            account = await add_account(session, f"{role}@example.com", role)
            shown[role.value] = issue_token(account.id, KEY, now())
    proofs = {who: {"Authorization": f"Bearer {it}"} for who, it in shown.items()}
    return proofs | {"nobody": {}}


@pytest.mark.anyio
@pytest.mark.parametrize("caller", sorted(CALLERS))
async def test_everybody_may_what_the_table_says(
    caller: str, app: FastAPI, proofs: dict[str, dict[str, str]]
) -> None:
    """Each caller gets in where the table says so, and nowhere else."""
    met, got_in = set(), set()
    transport = ASGITransport(app=app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        for route in iter_route_contexts(app.routes):
            for method in route.methods or ():
                path = re.sub(r"{.*?}", "1", str(route.path))
                response = await client.request(method, path, headers=proofs[caller])
                name = f"{method} {route.path}"
                met.add(name)
                if response.status_code not in (401, 403):
                    got_in.add(name)
    assert met
    assert got_in == {name for name in met if caller in TABLE.get(name, set())}
