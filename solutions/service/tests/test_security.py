"""Attacks on Waybill, by category of the OWASP Top 10:2025."""

from datetime import date, datetime, timedelta

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr
from sqlalchemy import select

from tests.audit import gate
from waybill.app import create_app
from waybill.settings import Settings
from waybill.signatures import BadSignatureError, sign, verify
from waybill.store import add_account
from waybill.tables import Credential, now
from waybill.tokens import issue_token

# kata: security_review.tests
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
    for headers, status in ((good, 200), (over, 401), (forged, 401)):
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


# kata: security_review.more
KEY = SecretStr("a key for these tests and nobody else")


@pytest.mark.anyio
async def test_a02_production_hides_its_docs() -> None:
    """In production, `/openapi.json` and `/docs` are not there."""
    app = create_app(Settings(environment="production", secret_key=KEY))
    transport = ASGITransport(app=app)
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        assert (await client.get("/health")).status_code == 200
        for path in ("/openapi.json", "/docs"):
            assert (await client.get(path)).status_code == 404


def test_a03_what_nobody_looked_at_stops_a_release() -> None:
    """Without reports of the tools, nothing is released."""
    assert len(gate("", "", [], date(2026, 12, 1))) == 2


@pytest.mark.anyio
async def test_a04_a_password_is_hashed(app: FastAPI, client: AsyncClient) -> None:
    """What is kept of a password is a hash of Argon2."""
    new = {"email": "lena@example.com", "password": "a long way to Metropolis"}
    await client.post("/v1/accounts", json=new)
    async with app.state.sessions() as session:
        kept = await session.scalar(select(Credential.hash))
    assert kept.startswith("$argon2id$")
    assert new["password"] not in kept


@pytest.mark.anyio
async def test_a06_nobody_takes_everything(client: AsyncClient) -> None:
    """Of 200 requests of one caller, the first is answered and the last is refused."""
    answers = [await client.get("/v1/rates") for _ in range(200)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429


def test_a08_a_message_is_the_senders() -> None:
    """A message that was signed passes, and one that was changed doesn't."""
    header = sign(KEY, b"7 arrived", int(now().timestamp()))
    verify(KEY, b"7 arrived", header, now())
    with pytest.raises(BadSignatureError):
        verify(KEY, b"8 arrived", header, now())


@pytest.mark.anyio
async def test_a09_a_refusal_is_noted(
    client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Who knocks at a door that is shut leaves a line in the log."""
    with caplog.at_level("INFO", logger="waybill"):
        await client.get("/v1/dispatch/keys")
    assert "/v1/dispatch/keys" in caplog.text
    assert "401" in caplog.text
