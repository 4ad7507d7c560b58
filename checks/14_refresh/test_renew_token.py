"""Checks of refresh.renew_token: what is refused is remembered."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

Families = Callable[[], Awaitable[dict[str, Any]]]
Keep = Callable[..., Awaitable[str]]

KEY = SecretStr("the key of this app alone, which no other app was given")
LENA, BOB, CLOSED = 311, 17, 1094
PATH = "/token/refresh"


def id_of(token: str) -> str:
    """Return the id of the family that a token names."""
    return sha256(token.partition(".")[0].encode()).hexdigest()


async def renew(client: httpx.AsyncClient, token: str) -> httpx.Response:
    """Show a refresh token."""
    return await client.post(PATH, data={"refresh_token": token})


async def renewed(client: httpx.AsyncClient, token: str) -> dict[str, Any]:
    """Show one that is good, and return the answer."""
    response = await renew(client, token)
    assert response.status_code == 200, (
        f"POST {PATH} with the newest token of a family was answered "
        f"{response.status_code}: {response.text}. If it came from an earlier answer: "
        "was that exchange committed?"
    )
    answer = dict(response.json())
    assert isinstance(answer.get("refresh_token"), str), f"The answer is {answer}."
    return answer


# - The form field `refresh_token` with the newest token of a family is answered as at
async def test_the_newest_gets_two_tokens(
    client: httpx.AsyncClient, keep: Keep
) -> None:
    """The newest token gets an access token of its account, and the next token."""
    from waybill.tokens import LIFETIME, read_token

    for number, name in ((LENA, "phone-of-lena"), (BOB, "phone-of-bob")):
        token = await keep(name, account_id=number)
        for _ in range(3):
            answer = await renewed(client, token)
            found = read_token(str(answer.get("access_token")), KEY)
            assert found == number, (
                f"The family is account {number}'s, the access token {found}'s."
            )
            facts = answer.get("token_type"), answer.get("expires_in")
            wanted = ("bearer", int(LIFETIME.total_seconds()))
            assert facts == wanted, (
                f"`token_type` and `expires_in` are {facts} instead of {wanted}."
            )
            assert answer["refresh_token"] != token, (
                "The answer holds the same refresh token again."
            )
            token = answer["refresh_token"]


async def test_no_cache_keeps_it(client: httpx.AsyncClient, keep: Keep) -> None:
    """An answer with tokens says `Cache-Control: no-store`."""
    response = await renew(client, await keep())
    kept = response.headers.get("Cache-Control", "")
    directives = {one.strip().casefold() for one in kept.split(",")}
    assert "no-store" in directives, (
        f"The answer ({response.status_code}) says {kept or 'nothing'} as "
        "Cache-Control. It holds two tokens: say no-store."
    )


async def test_it_is_issued_now(client: httpx.AsyncClient, keep: Keep) -> None:
    """Tokens are issued now, and with the key of `settings`."""
    import jwt

    earliest = datetime.now(UTC).replace(microsecond=0)
    answer = await renewed(client, await keep())
    said = jwt.decode(answer["access_token"], KEY.get_secret_value(), ["HS256"])
    issued = datetime.fromtimestamp(said["iat"], UTC)
    assert earliest <= issued <= datetime.now(UTC), f"`iat` is {issued}."
    over = await keep("over", expires_at=datetime.now(UTC) - timedelta(seconds=1))
    response = await renew(client, over)
    assert response.status_code == 401, (
        f"A family that ended a second ago was answered {response.status_code}."
    )


# - The exchange is kept before the answer leaves,
async def test_the_exchange_is_kept(
    client: httpx.AsyncClient, keep: Keep, families: Families
) -> None:
    """The exchange is kept: the old token is worth nothing, and the next one works."""
    token = await keep()
    for _ in range(3):
        following = (await renewed(client, token))["refresh_token"]
        (row,) = (await families()).values()
        secret = following.partition(".")[2]
        assert row.digest == sha256(secret.encode()).hexdigest(), (
            "The answer held the next token, and the database holds another one."
        )
        token = following


# - If `rotate` refuses a token, the family that it names ends,
async def test_a_used_token_ends_its_family(
    client: httpx.AsyncClient, keep: Keep, families: Families
) -> None:
    """A used token is a 401, and from then on the newest one is, too."""
    for steps in (1, 2, 4):
        tokens = [await keep(f"family-{steps}")]
        for _ in range(steps):
            tokens.append((await renewed(client, tokens[-1]))["refresh_token"])
        response = await renew(client, tokens[0])
        assert response.status_code == 401, (
            f"A token that was used {steps} steps ago was answered "
            f"{response.status_code}: {response.text}"
        )
        assert id_of(tokens[0]) not in await families(), (
            "A used token was answered 401, and its family is still there: the thief "
            "goes on with the newest token. Either `end_family` wasn't called, or the "
            "exception of the 401 has rolled it back. Let a block of your own end "
            "first, then raise."
        )
        newest = await renew(client, tokens[-1])
        assert newest.status_code == 401, (
            f"After that, the newest token was answered {newest.status_code}."
        )


async def test_whatever_is_refused_ends_its_family(
    client: httpx.AsyncClient, keep: Keep, families: Families
) -> None:
    """A family that is over, or whose account is closed, ends as well."""
    late = datetime.now(UTC) - timedelta(days=1)
    for what, token in {
        "is over": await keep("over", expires_at=late),
        "is a closed account's": await keep("closed", account_id=CLOSED),
        "got a wrong secret": f"{(await keep('wrong')).partition('.')[0]}.guessed",
        "got no secret": (await keep("none")).partition(".")[0],
    }.items():
        response = await renew(client, token)
        assert response.status_code == 401, (
            f"A family that {what} was answered {response.status_code}."
        )
        assert id_of(token) not in await families(), (
            f"A family that {what} was refused, and is still there."
        )


async def test_of_two_at_once_one_wins(
    client: httpx.AsyncClient, keep: Keep, families: Families
) -> None:
    """Of several requests at the same moment one is answered, and the family ends."""
    token = await keep()
    tries = [renew(client, token) for _ in range(3)]
    if sys.platform == "emscripten":  # in a page nobody can wait for a lock
        answers = [await one for one in tries]
    else:
        answers = await asyncio.gather(*tries)
    found = sorted(one.status_code for one in answers)
    assert found == [200, 401, 401], (
        f"Three requests came with the same token at the same moment, and were "
        f"answered {found}. One gets the next token, and the others are a copy."
    )
    assert not await families(), "A token was shown three times, and its family stays."


# - Other families stay, also those of the same account.
async def test_other_families_stay(
    client: httpx.AsyncClient, keep: Keep, families: Families
) -> None:
    """A refusal ends one family: others of the account stay, and work."""
    phone, laptop = await keep("phone"), await keep("laptop")
    bob = await keep("of-bob", account_id=BOB)
    await renewed(client, phone)
    await renew(client, phone)
    await renew(client, "a-name-of-nobody.and-a-secret")
    await renew(client, "")
    left = {*await families()}
    assert left == {id_of(laptop), id_of(bob)}, (
        "The token of Lena's phone was shown twice. Her laptop's family and Bob's "
        f"should be left; families that are left: {len(left)}."
    )
    for token in (laptop, bob):
        await renewed(client, token)


# - Each refusal is the same 401, with `WWW-Authenticate: Bearer`,
async def test_each_refusal_is_the_same(client: httpx.AsyncClient, keep: Keep) -> None:
    """Each refusal is the same 401, whatever was wrong, and repeats no token."""
    late = datetime.now(UTC) - timedelta(days=1)
    used = await keep("used")
    await renewed(client, used)
    wrong = {
        "a used token": used,
        "one that is over": await keep("over", expires_at=late),
        "a closed account's": await keep("closed", account_id=CLOSED),
        "a strange one": "a-name-of-nobody.and-a-secret",
        "a text": "no token at all",
        "a zero": "\x00.\x00",
        "no token": "",
    }
    answers = {what: await renew(client, token) for what, token in wrong.items()}
    answers["no form"] = await client.post(PATH)
    bodies = {}
    for what, response in answers.items():
        assert response.status_code == 401, (
            f"{what} was answered {response.status_code}: {response.text}"
        )
        asked = response.headers.get("WWW-Authenticate")
        assert asked == "Bearer", f"The 401 for {what} says WWW-Authenticate: {asked}."
        bodies[response.text] = what
    assert len(bodies) == 1, (
        f"The 401 for {' and that for '.join([*bodies.values()][:2])} differ: "
        f"{[*bodies][:2]}. A thief would learn what became of his token."
    )
    assert "secret" not in next(iter(bodies)), f"A token is repeated: {[*bodies]}."


# - Nothing else counts:
async def test_nothing_else_counts(
    client: httpx.AsyncClient,
    keep: Keep,
    families: Families,
    bearer: Callable[[int], dict[str, str]],
) -> None:
    """A token in a cookie, the URL, JSON or a header is none, and changes nothing."""
    token = await keep()
    before = await families()
    shown = {"refresh_token": token}
    access = bearer(LENA)
    cookie = {"Cookie": f"refresh_token={token}; token={token}"}
    for what, request in {
        "a cookie": {"headers": cookie},
        "the URL": {"params": shown},
        "JSON": {"json": shown},
        "the header Authorization": {"headers": {"Authorization": f"Bearer {token}"}},
        "another header": {"headers": {"refresh_token": token, "X-Token": token}},
        "another field": {"data": {"token": token}},
        "an access token in Authorization": {"headers": access},
        "an access token in the form": {
            "data": {"refresh_token": access["Authorization"].removeprefix("Bearer ")}
        },
    }.items():
        response = await client.post(PATH, **request)
        assert response.status_code == 401, (
            f"A token in {what} was answered {response.status_code}: only the form "
            "field `refresh_token` counts."
        )
        assert await families() == before, f"A token in {what} changed a family."


# - A database that fails stays a 500.
@pytest.mark.parametrize("what", ["UPDATE", "DELETE"])
async def test_a_failing_database_is_a_500(
    client: httpx.AsyncClient, keep: Keep, engine: "AsyncEngine", what: str
) -> None:
    """A database that fails stays a 500: the token is not to blame."""
    from sqlalchemy import event, exc

    token = await keep()
    if what == "DELETE":
        await renewed(client, token)

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def give_up(*details: object) -> None:
        if str(details[2]).startswith(what):
            raise exc.OperationalError("UPDATE …", {}, Exception("disk is full"))

    response = await renew(client, token)
    assert response.status_code == 500, (
        f"The disk was full, and a token was answered {response.status_code}: "
        f"{response.text}"
    )


# - A database that fails stays a 500.
async def test_no_connection_is_left(
    client: httpx.AsyncClient, app: FastAPI, keep: Keep
) -> None:
    """After each answer, all connections are given back."""
    token = await keep()
    for shown in (token, token, "", "no token at all"):
        await renew(client, shown)
        pool: Any = app.state.sessions.kw["bind"].sync_engine.pool
        assert not pool.checkedout(), "A connection is still lent after the answer."
