"""Checks of refresh.create_token: two tokens for a password."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

Families = Callable[[], Awaitable[dict[str, Any]]]

KEY = SecretStr("the key of this app alone, which no other app was given")
LENA, BOB = 311, 17
PASSWORDS = {
    "lena@example.com": (LENA, "correct horse battery"),
    "bob@example.com": (BOB, "a word that is Bob's"),
}


async def ask(client: httpx.AsyncClient, email: str, word: str = "") -> httpx.Response:
    """Send an address and a password, its own unless another is given."""
    form = {"username": email, "password": word or PASSWORDS[email][1]}
    if email.startswith("bob"):  # whose client sends all that OAuth2 has a name for
        form |= {"grant_type": "password", "scope": "parcels:read", "client_id": "b"}
    return await client.post("/token", data=form)


async def signed_in(client: httpx.AsyncClient, email: str) -> dict[str, Any]:
    """Return what is answered to an address and its password."""
    response = await ask(client, email)
    assert response.status_code == 200, (
        f"{email} sent the right password, and POST /token was answered "
        f"{response.status_code}: {response.text}"
    )
    return dict(response.json())


def name_of(answer: dict[str, Any]) -> str:
    """Return the id of the family whose token is in an answer."""
    token = answer.get("refresh_token")
    assert isinstance(token, str), (
        f"The answer holds {sorted(answer)}, and no text under `refresh_token`. "
        "`Token` needs the field, and the route its value; is an `await` missing?"
    )
    return sha256(token.partition(".")[0].encode()).hexdigest()


# - The answer holds a `refresh_token` too:
async def test_there_is_a_refresh_token(
    client: httpx.AsyncClient, families: Families
) -> None:
    """The answer holds the first refresh token of a family of this account."""
    for email, (number, _) in PASSWORDS.items():
        answer = await signed_in(client, email)
        row = (await families()).get(name_of(answer))
        assert row, (
            f"{email} got the refresh token {answer['refresh_token']!r}, and no family "
            "has its name. `open_family` makes both."
        )
        assert row.account_id == number, (
            f"{email} has the id {number}; the family is account {row.account_id}'s."
        )
        secret = answer["refresh_token"].partition(".")[2]
        assert row.digest == sha256(secret.encode()).hexdigest(), (
            "The secret of the refresh token isn't that of its family."
        )


async def test_each_sign_in_has_its_own(
    client: httpx.AsyncClient, families: Families
) -> None:
    """Each sign-in opens one family, and leaves those that are there."""
    names = {name_of(await signed_in(client, "lena@example.com")) for _ in range(3)}
    found = {*await families()}
    assert (names, len(names)) == (found, 3), (
        f"Lena signed in three times, her answers name {len(names)} families, and "
        f"there are {len(found)}."
    )


async def test_it_is_opened_now(client: httpx.AsyncClient, families: Families) -> None:
    """The family is opened at this moment."""
    from waybill.refresh import STAY

    earliest = datetime.now(UTC)
    name = name_of(await signed_in(client, "bob@example.com"))
    row = (await families())[name]
    opened = row.expires_at - STAY
    assert earliest <= opened <= datetime.now(UTC) + timedelta(seconds=1), (
        f"Bob signed in at {earliest}, and his family was opened at {opened}."
    )


# - It stands in the body alone,
async def test_it_is_in_the_body_alone(
    client: httpx.AsyncClient, families: Families
) -> None:
    """No header of the answer holds the refresh token, a cookie included."""
    response = await ask(client, "lena@example.com")
    token = response.json().get("refresh_token", "")
    name_of(response.json())
    assert "set-cookie" not in response.headers, (
        f"The answer sets a cookie: {response.headers['Set-Cookie'][:40]}…. The body "
        "was decided on."
    )
    for name, value in response.headers.items():
        for part in token.split("."):
            assert part not in value, f"The header {name} holds a part of the token."
    assert len(await families()) == 1, "One sign-in opened more than one family."


# - A sign-in that is refused opens no family.
async def test_a_refusal_opens_none(
    client: httpx.AsyncClient, families: Families
) -> None:
    """A sign-in that is refused opens no family."""
    for email, word in (
        ("lena@example.com", "not hers, but long"),
        ("nobody@example.com", "whatever it is"),
        ("closed@example.com", "closed, but it was right"),
        ("no address", "whatever it is"),
    ):
        response = await ask(client, email, word)
        assert response.status_code == 401, (
            f"{email} with {word!r} was answered {response.status_code}."
        )
        assert "refresh_token" not in response.text, response.text
    assert not await families(), "A sign-in was refused, and a family is there."


# - All else is as it was in lesson 13.
async def test_the_rest_is_as_it_was(
    client: httpx.AsyncClient, app: FastAPI, families: Families
) -> None:
    """The access token, its facts, the header and the 401 are as in lesson 13."""
    from waybill.tokens import LIFETIME, read_token

    for email, (number, _) in PASSWORDS.items():
        response = await ask(client, email)
        answer = response.json()
        found = read_token(answer["access_token"], KEY)
        assert found == number, f"{email} got an access token of account {found}."
        facts = answer.get("token_type"), answer.get("expires_in")
        wanted = ("bearer", int(LIFETIME.total_seconds()))
        assert facts == wanted, (
            f"`token_type` and `expires_in` are {facts} instead of {wanted}."
        )
        kept = response.headers.get("Cache-Control", "")
        assert "no-store" in kept, (
            f"The answer with two tokens says {kept or 'nothing'} as Cache-Control."
        )
    refused = await ask(client, "lena@example.com", "not hers, but long")
    asked = refused.headers.get("WWW-Authenticate")
    assert asked == "Bearer", f"The 401 says WWW-Authenticate: {asked}."
    assert len(await families()) == 2, "Two sign-ins opened other than two families."
    schema = json.dumps(app.openapi()["components"]["schemas"])
    assert '"refresh_token"' in schema, "The docs of POST /token lack `refresh_token`."


# - All else is as it was in lesson 13.
async def test_neither_is_the_other(client: httpx.AsyncClient) -> None:
    """A refresh token is no access token."""
    import jwt
    import pytest

    from waybill.tokens import read_token

    answer = await signed_in(client, "lena@example.com")
    name_of(answer)
    with pytest.raises(jwt.InvalidTokenError):
        read_token(answer["refresh_token"], KEY)
