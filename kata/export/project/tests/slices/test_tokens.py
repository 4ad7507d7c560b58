"""Tokens: a password in, a token out, and what the token is good for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from httpx import AsyncClient
from jwt import InvalidTokenError
from pydantic import SecretStr

from waybill.database import Sessions
from waybill.settings import Settings
from waybill.tables import Account, now
from waybill.tokens import LIFETIME, issue_token, read_token

PASSWORD = "a horse, a battery and a staple"
KEY = SecretStr("k" * 32)


# needs: jwt.issue_token jwt.read_token
def test_a_token_says_whose_it_is() -> None:
    assert read_token(issue_token(7, KEY, now()), KEY) == 7


def test_a_token_expires() -> None:
    at = now() - LIFETIME - timedelta(seconds=1)
    with pytest.raises(InvalidTokenError):
        read_token(issue_token(7, KEY, at), KEY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "refresh"},
        {"sub": "seven"},
        {"sub": "0"},
        {"sub": str(2**63)},
        {"exp": None},
        {"type": None},
    ],
)
def test_a_token_for_anything_else_is_refused(wrong: dict[str, Any]) -> None:
    claims = {"sub": "7", "type": "access", "exp": now() + LIFETIME, **wrong}
    kept = {name: value for name, value in claims.items() if value is not None}
    token = jwt.encode(kept, KEY.get_secret_value(), "HS256")
    with pytest.raises(InvalidTokenError):
        read_token(token, KEY)


@pytest.mark.parametrize(
    ("key", "algorithm"), [("x" * 32, "HS256"), ("k" * 64, "HS512"), ("", "none")]
)
def test_a_token_signed_otherwise_is_refused(key: str, algorithm: str) -> None:
    claims = {"sub": "7", "type": "access", "exp": now() + LIFETIME}
    token = jwt.encode(claims, key, algorithm)
    with pytest.raises(InvalidTokenError):
        read_token(token, SecretStr("k" * len(key or "k" * 32)))


# needs: database.open_database passwords.sign_up passwords.api jwt.create_token jwt.api
# needs: jwt.issue_token jwt.read_token
async def test_a_password_gets_a_token(client: AsyncClient, settings: Settings) -> None:
    who = {"email": "lena@example.com", "password": PASSWORD}
    account = (await client.post("/v1/accounts", json=who)).json()
    form = {"username": "Lena@example.com", "password": PASSWORD}
    response = await client.post("/v1/token", data=form)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    token = response.json()
    assert token["token_type"] == "bearer"
    assert read_token(token["access_token"], settings.secret_key) == account["id"]


async def test_a_wrong_password_and_an_unknown_address_are_answered_alike(
    client: AsyncClient,
) -> None:
    who = {"email": "lena@example.com", "password": PASSWORD}
    await client.post("/v1/accounts", json=who)
    answers = []
    for username in ("lena@example.com", "nobody@example.com"):
        form = {"username": username, "password": "another one"}
        response = await client.post("/v1/token", data=form)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
        answers.append(response.json())
    assert answers[0] == answers[1]


# needs: database.open_database jwt.issue_token jwt.current_account jwt.api jwt.read_me
async def test_a_token_tells_who_is_asking(
    client: AsyncClient,
    token_of: Callable[[Account], dict[str, str]],
    lena: Account,
) -> None:
    response = await client.get("/v1/me", headers=token_of(lena))
    assert response.json() == {
        "id": lena.id,
        "email": "lena@example.com",
        "role": "sender",
    }


async def test_without_a_good_token_nobody_is_asking(
    client: AsyncClient,
    token_of: Callable[[Account], dict[str, str]],
    sessions: Sessions,
    lena: Account,
) -> None:
    unknown = token_of(Account(id=999))
    for headers in ({}, {"Authorization": "Bearer nonsense"}, unknown):
        response = await client.get("/v1/me", headers=headers)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
    async with sessions.begin() as session:
        (await session.get_one(Account, lena.id)).active = False
    response = await client.get("/v1/me", headers=token_of(lena))
    assert response.status_code == 401
