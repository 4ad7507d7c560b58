"""Checks of refresh.sign_out: a family ends, or all of an account."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx
import pytest

Families = Callable[[], Awaitable[dict[str, Any]]]
Keep = Callable[..., Awaitable[str]]
Bearer = Callable[[int], dict[str, str]]

LENA, BOB, CLOSED = 311, 17, 1094


def id_of(token: str) -> str:
    """Return the id of the family that a token names."""
    return sha256(token.partition(".")[0].encode()).hexdigest()


@pytest.fixture
async def tokens(keep: Keep, client: httpx.AsyncClient) -> dict[str, str]:
    """Tokens of Lena's phone and laptop, and of Bob's phone."""
    assert client
    return {
        "phone": await keep("phone-of-lena"),
        "laptop": await keep("laptop-of-lena"),
        "bob": await keep("phone-of-bob", account_id=BOB),
    }


async def left(families: Families, tokens: dict[str, str]) -> set[str]:
    """Return which of these families are there."""
    found = await families()
    return {name for name, token in tokens.items() if id_of(token) in found}


async def sign_out(client: httpx.AsyncClient, token: str) -> httpx.Response:
    """Show a refresh token in order to be signed out."""
    return await client.post("/logout", data={"refresh_token": token})


# - `POST /logout` ends the family of the refresh token in its form, and no other,
async def test_one_family_ends(
    client: httpx.AsyncClient, families: Families, tokens: dict[str, str]
) -> None:
    """`POST /logout` ends the family of its token and no other, and answers 204."""
    there = {*tokens}
    for name in ("phone", "bob", "laptop"):
        response = await sign_out(client, tokens[name])
        assert response.status_code == 204, (
            f"POST /logout with a token was answered {response.status_code}: "
            f"{response.text}"
        )
        assert response.content == b"", f"A 204 has no body: {response.content!r}"
        there -= {name}
        found = await left(families, tokens)
        assert found == there, (
            f"POST /logout came with the token of {name}. Of Lena's phone and laptop "
            f"and of Bob's phone, {sorted(found)} are left instead of {sorted(there)}."
        )


async def test_an_older_token_will_do(
    client: httpx.AsyncClient, families: Families, tokens: dict[str, str]
) -> None:
    """An older token of a family ends it, too."""
    name = tokens["phone"].partition(".")[0]
    response = await sign_out(client, f"{name}.a-secret-of-last-week")
    assert response.status_code == 204, (
        f"An older token of a family was answered {response.status_code}: people may "
        "leave with it, too."
    )
    assert await left(families, tokens) == {"laptop", "bob"}


async def test_a_family_that_is_over_ends(
    client: httpx.AsyncClient, keep: Keep, families: Families
) -> None:
    """The token of a closed account, or of a family that is over, signs out as well."""
    late = datetime.now(UTC) - timedelta(days=1)
    for token in (
        await keep("over", expires_at=late),
        await keep("closed", account_id=CLOSED),
    ):
        response = await sign_out(client, token)
        assert response.status_code == 204, (
            f"Somebody wanted to leave, and read {response.status_code}."
        )
        assert id_of(token) not in await families(), "The family is still there."


# - If there is no such family, or no token, the answer is `refusal()`.
async def test_no_such_family_is_refused(
    client: httpx.AsyncClient,
    families: Families,
    tokens: dict[str, str],
    bearer: Bearer,
) -> None:
    """If there is no such family, or no token, the answer is a 401."""
    await sign_out(client, tokens["phone"])
    for what, request in {
        "a token whose family has ended": {"data": {"refresh_token": tokens["phone"]}},
        "a strange token": {"data": {"refresh_token": "nobody.knows-this"}},
        "an empty token": {"data": {"refresh_token": ""}},
        "no form": {},
        "an access token alone": {"headers": bearer(LENA)},
        "a pattern": {"data": {"refresh_token": "%.%"}},
    }.items():
        response = await client.post("/logout", **request)
        assert response.status_code == 401, (
            f"POST /logout with {what} was answered {response.status_code}: "
            f"{response.text}"
        )
        asked = response.headers.get("WWW-Authenticate")
        assert asked == "Bearer", f"The 401 for {what} says WWW-Authenticate: {asked}."
        found = await left(families, tokens)
        assert found == {"laptop", "bob"}, f"With {what}, a family ended: {found} left."


# - `POST /logout/everywhere` wants an access token.
async def test_everywhere_ends_all_of_one_account(
    client: httpx.AsyncClient,
    families: Families,
    tokens: dict[str, str],
    bearer: Bearer,
) -> None:
    """`/logout/everywhere` ends all families of who asks, and of nobody else."""
    path = "/logout/everywhere"
    response = await client.post(path, headers=bearer(LENA))
    assert response.status_code == 204, (
        f"POST {path} with Lena's access token was answered {response.status_code}: "
        f"{response.text}"
    )
    found = await left(families, tokens)
    assert found == {"bob"}, (
        f"Lena signed out everywhere. Of her phone, her laptop and Bob's phone, "
        f"{sorted(found) or 'none'} are left instead of Bob's."
    )
    again = await client.post(path, headers=bearer(LENA))
    assert again.status_code == 204, (
        f"Lena did it once more, with no family left, and read {again.status_code}."
    )
    await client.post(path, headers=bearer(BOB))
    assert not await families(), "Bob signed out everywhere, and a family is left."


async def test_everywhere_wants_an_access_token(
    client: httpx.AsyncClient,
    families: Families,
    tokens: dict[str, str],
    bearer: Bearer,
) -> None:
    """Without an access token of an open account it is 401, and nothing ends."""
    refresh = {"refresh_token": tokens["phone"]}
    for what, request in {
        "no token": {},
        "a refresh token in the form": {"data": refresh},
        "a refresh token as Bearer": {
            "headers": {"Authorization": f"Bearer {tokens['phone']}"}
        },
        "a closed account's token": {"headers": bearer(CLOSED)},
    }.items():
        response = await client.post("/logout/everywhere", **request)
        assert response.status_code == 401, (
            f"POST /logout/everywhere with {what} was answered {response.status_code}."
        )
        assert await left(families, tokens) == {*tokens}, f"With {what}, one ended."


# - Nobody is named by the URL, a cookie or a body.
async def test_nobody_else_is_named(
    client: httpx.AsyncClient,
    families: Families,
    tokens: dict[str, str],
    bearer: Bearer,
) -> None:
    """Whatever else a request says, it ends no other family."""
    bob = {"account_id": str(BOB), "id": str(BOB), "email": "bob@example.com"}
    cookie = {"Cookie": f"refresh_token={tokens['bob']}; account_id={BOB}"}
    token = {"refresh_token": tokens["bob"]}
    for request in ({"params": bob}, {"json": bob}, {"data": bob | token}):
        headers = bearer(LENA) | cookie
        response = await client.post("/logout/everywhere", headers=headers, **request)
        assert response.status_code == 204, (
            f"Lena's request named Bob as well, and was answered "
            f"{response.status_code}: {response.text}"
        )
        found = await left(families, tokens)
        assert found == {"bob"}, (
            f"Lena asked to be signed out, and named Bob in {[*request]}. Left are "
            f"{sorted(found)}. Only the access token says who is asking."
        )
    for request in (
        {"params": token},
        {"headers": cookie},
        {"json": token},
        {"headers": bearer(BOB), "params": token},
    ):
        response = await client.post("/logout", **request)
        assert response.status_code == 401, (
            f"A token in {[*request]} was answered {response.status_code}: only the "
            "form counts."
        )
    assert await left(families, tokens) == {"bob"}, "Bob was signed out."
