"""Staying signed in: tokens that work once, and what ends them."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import HTTPException
from httpx import AsyncClient, Response
from pydantic import SecretStr
from sqlalchemy import func, select

from waybill import accounts, auth
from waybill.accounts import sign_in
from waybill.database import Sessions
from waybill.passwords import get_passwords
from waybill.refresh import STAY, digest, open_family, rotate
from waybill.settings import Settings
from waybill.tables import Account, Family, Try, now
from waybill.tokens import read_token

PASSWORD = "a horse, a battery and a staple"
OTHER = "a staple, a battery and a horse"


# needs: database.open_database refresh.tables refresh.open_family refresh.rotate
async def rotated(sessions: Sessions, token: str) -> tuple[int, str] | None:
    """Rotate a token, in a transaction of its own."""
    async with sessions.begin() as session:
        return await rotate(session, token, now())


async def opened(sessions: Sessions, account: Account, at: datetime) -> str:
    """Open a family."""
    async with sessions.begin() as session:
        return await open_family(session, account.id, at)


async def test_a_token_is_exchanged_once_for_one_of_many(
    sessions: Sessions, lena: Account
) -> None:
    token = await opened(sessions, lena, now())
    found = await asyncio.gather(*(rotated(sessions, token) for _ in range(8)))
    winners = [one for one in found if one]
    assert [number for number, _ in winners] == [lena.id]
    assert await rotated(sessions, winners[0][1])
    assert await rotated(sessions, winners[0][1]) is None


async def test_nothing_that_is_stored_is_a_token(
    sessions: Sessions, lena: Account
) -> None:
    token = await opened(sessions, lena, now())
    async with sessions() as session:
        family = (await session.scalars(select(Family))).one()
    assert family.id not in token
    name, _, secret = token.partition(".")
    assert (family.id, family.digest) == (digest(name), digest(secret))
    for shown in (f"{family.id}.{family.digest}", f"{name}.{family.digest}", "\0.\0"):
        assert await rotated(sessions, shown) is None


async def test_a_family_ends_however_often_it_is_used(
    sessions: Sessions, lena: Account
) -> None:
    soon = timedelta(minutes=1)
    for age, is_over in ((STAY - soon, False), (STAY + soon, True)):
        token = await opened(sessions, lena, now() - age)
        for _ in range(3):
            found = await rotated(sessions, token)
            assert (found is None) == is_over
            token = found[1] if found else token


async def test_a_closed_account_is_not_renewed(
    sessions: Sessions, lena: Account
) -> None:
    token = await opened(sessions, lena, now())
    async with sessions.begin() as session:
        (await session.get_one(Account, lena.id)).active = False
    assert await rotated(sessions, token) is None


async def test_old_families_go(sessions: Sessions, lena: Account) -> None:
    for _ in range(3):
        await opened(sessions, lena, now() - 2 * STAY)
    for _ in range(3):
        await opened(sessions, lena, now())
    async with sessions() as session:
        assert await session.scalar(select(func.count(Family.id))) == 3


# needs: database.open_database passwords.sign_up passwords.api refresh.create_token
# needs: jwt.api refresh.renew_token jwt.issue_token jwt.read_token
async def tokens_of(client: AsyncClient, email: str = "lena@example.com") -> str:
    """Sign somebody up, if need be, and in; return the refresh token."""
    await client.post("/v1/accounts", json={"email": email, "password": PASSWORD})
    form = {"username": email, "password": PASSWORD}
    return str((await client.post("/v1/token", data=form)).json()["refresh_token"])


async def renew(client: AsyncClient, token: str) -> Response:
    """Show a refresh token."""
    return await client.post("/v1/token/refresh", data={"refresh_token": token})


async def test_a_used_token_ends_its_family_and_no_other(client: AsyncClient) -> None:
    phone, laptop = await tokens_of(client), await tokens_of(client)
    thief = (await renew(client, phone)).json()["refresh_token"]
    refused = await renew(client, phone)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert (await renew(client, thief)).status_code == 401
    assert (await renew(client, laptop)).status_code == 200


async def test_all_that_is_no_token_is_refused_alike(
    client: AsyncClient, settings: Settings
) -> None:
    token = await tokens_of(client)
    answer = await renew(client, token)
    assert answer.headers["Cache-Control"] == "no-store"
    access = answer.json()["access_token"]
    assert read_token(access, settings.secret_key)
    found = {
        (response.status_code, response.text)
        for response in [
            await renew(client, ""),
            await renew(client, access),
            await renew(client, "\0"),
            await client.post("/v1/token/refresh", params={"refresh_token": token}),
            await client.post("/v1/token/refresh"),
        ]
    }
    assert len(found) == 1


# needs: database.open_database passwords.sign_up passwords.api refresh.create_token
# needs: jwt.api refresh.renew_token jwt.issue_token refresh.sign_out
# needs: jwt.current_account jwt.read_me
async def test_two_weeks_of_a_phone(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [datetime.now(UTC) - timedelta(days=14)]
    monkeypatch.setattr(auth, "now", lambda: clock[0])
    token, seen, answer = await tokens_of(client), set(), {}
    for _ in range(14):
        clock[0] += timedelta(days=1)
        answer = (await renew(client, token)).json()
        token = answer["refresh_token"]
        seen |= {token, answer["access_token"]}
    assert len(seen) == 28
    proof = {"Authorization": f"Bearer {answer['access_token']}"}
    assert (await client.get("/v1/me", headers=proof)).status_code == 200
    form = {"refresh_token": token}
    assert (await client.post("/v1/logout", data=form)).status_code == 204
    assert (await renew(client, token)).status_code == 401
    assert (await client.post("/v1/logout", data=form)).status_code == 401


async def test_out_everywhere_is_out_on_ones_own_devices(
    client: AsyncClient, token_of: Callable[[Account], dict[str, str]]
) -> None:
    lenas = [await tokens_of(client) for _ in range(2)]
    bobs = await tokens_of(client, "bob@example.com")
    lena = token_of(Account(id=1))
    path = "/v1/logout/everywhere"
    assert (await client.post(path)).status_code == 401
    assert (await client.post(path, headers=lena)).status_code == 204
    for token in lenas:
        assert (await renew(client, token)).status_code == 401
    assert (await renew(client, bobs)).status_code == 200


# needs: database.open_database passwords.sign_up passwords.api refresh.sign_in
@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few tries go on."""
    monkeypatch.setattr(accounts, "MOST_TRIES", 3)


async def tried(sessions: Sessions, word: str) -> int:
    """Try to sign in as Lena, in a request that fails if it is refused."""
    try:
        async with sessions.begin() as session:
            email, secret = "lena@example.com", SecretStr(word)
            if await sign_in(session, get_passwords(), email, secret) is None:
                raise PermissionError
    except PermissionError:
        return 401
    except HTTPException as error:
        return error.status_code
    return 200


@pytest.mark.usefixtures("few")
async def test_tries_are_counted_although_they_fail(
    client: AsyncClient, sessions: Sessions
) -> None:
    who = {"email": "lena@example.com", "password": PASSWORD}
    await client.post("/v1/accounts", json=who)
    assert [await tried(sessions, "wrong") for _ in range(2)] == [401, 401]
    assert await tried(sessions, PASSWORD) == 200  # and forgets the two
    seen = await asyncio.gather(*(tried(sessions, "wrong") for _ in range(8)))
    assert seen.count(401) <= 3
    assert [await tried(sessions, "wrong") for _ in range(3)][-1] == 429
    assert await tried(sessions, PASSWORD) == 429


@pytest.mark.usefixtures("few")
async def test_a_day_later_nobody_knows_of_them(
    client: AsyncClient, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = {"email": "lena@example.com", "password": PASSWORD}
    await client.post("/v1/accounts", json=who)
    assert [await tried(sessions, "wrong") for _ in range(4)][-1] == 429
    late = now() + accounts.WINDOW + timedelta(seconds=1)
    monkeypatch.setattr(accounts, "now", lambda: late)
    assert await tried(sessions, PASSWORD) == 200
    async with sessions() as session:
        assert await session.scalar(select(func.count(Try.id))) == 0


# needs: database.open_database passwords.sign_up passwords.api refresh.create_token
# needs: jwt.api refresh.renew_token jwt.issue_token refresh.sign_out
# needs: jwt.current_account refresh.change_password
async def test_a_new_password_signs_everybody_out(
    client: AsyncClient, token_of: Callable[[Account], dict[str, str]]
) -> None:
    tokens = [await tokens_of(client) for _ in range(2)]
    lena = token_of(Account(id=1))
    for old, status in ((OTHER, 403), (PASSWORD, 204)):
        words = {"old": old, "new": OTHER}
        answer = await client.put("/v1/me/password", json=words, headers=lena)
        assert answer.status_code == status
    for token in tokens:
        assert (await renew(client, token)).status_code == 401
    for word, status in ((PASSWORD, 401), (OTHER, 200)):
        form = {"username": "lena@example.com", "password": word}
        assert (await client.post("/v1/token", data=form)).status_code == status
