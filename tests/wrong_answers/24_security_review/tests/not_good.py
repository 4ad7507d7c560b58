#| kata: security_review.tests
#| refused_by: test_a_closed_door_is_seen
# Doesn't try the good token.
from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr

from waybill.store import add_account
from waybill.tables import now
from waybill.tokens import issue_token

TO = {"name": "Zoë Ng", "street": "Torstraße 12", "city": "Berlin"}
TO |= {"postcode": "10119", "country": "DE"}
PARCEL = {"to": TO, "weight_g": 750, "value": "20"}


async def sign_up(app: FastAPI, name: str) -> int:
    """Open an account, and return its id."""
    async with app.state.sessions.begin() as session:
        account = await add_account(session, f"{name}@example.com")
    return account.id


def show(token: str) -> dict[str, str]:
    """Return the header that shows a token."""
    return {"Authorization": f"Bearer {token}"}


def proof(app: FastAPI, account_id: int, at: datetime) -> dict[str, str]:
    """Return the header of somebody who signed in at a moment."""
    return show(issue_token(account_id, app.state.settings.secret_key, at))


@pytest.mark.anyio
async def test_a01_a_parcel_is_its_owners(app: FastAPI, client: AsyncClient) -> None:
    """Lena reads her parcel, and Bob doesn't."""
    lena = proof(app, await sign_up(app, "lena"), now())
    bob = proof(app, await sign_up(app, "bob"), now())
    answer = await client.post("/v1/parcels", json=PARCEL, headers=lena)
    path = f"/v1/parcels/{answer.json()['id']}"
    assert (await client.get(path, headers=lena)).status_code == 200
    assert (await client.get(path, headers=bob)).status_code == 404


@pytest.mark.anyio
async def test_a05_what_is_typed_is_data(app: FastAPI, client: AsyncClient) -> None:
    """A search finds what was typed, and nothing that was typed becomes SQL."""
    lena = proof(app, await sign_up(app, "lena"), now())
    await client.post("/v1/parcels", json=PARCEL, headers=lena)
    for typed, found in {"ng": 1, "%": 0, "x' OR 'a' LIKE 'a": 0}.items():
        answer = await client.get("/v1/search", params={"name": typed}, headers=lena)
        assert answer.status_code == 200
        assert len(answer.json()) == found


@pytest.mark.anyio
async def test_a07_a_token_is_looked_at(app: FastAPI, client: AsyncClient) -> None:
    """A good token opens `/v1/me`; one that is over or forged doesn't."""
    lena = await sign_up(app, "lena")
    good = proof(app, lena, now())
    over = proof(app, lena, now() - timedelta(days=1))
    forged = show(issue_token(lena, SecretStr("k" * 32), now()))
    for headers, status in ((over, 401), (forged, 401)):
        answer = await client.get("/v1/me", headers=headers)
        assert answer.status_code == status


@pytest.mark.anyio
async def test_a10_a_crash_tells_nothing(app: FastAPI) -> None:
    """Whoever makes Waybill crash reads a 500, and nothing about it."""

    def crash() -> None:
        raise RuntimeError("The password of the database is Metropolis.")

    app.state.sessions = crash
    transport = ASGITransport(app=app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        answer = await client.get("/v1/track/WB1")
    assert answer.status_code == 500
    assert "Metropolis" not in answer.text
