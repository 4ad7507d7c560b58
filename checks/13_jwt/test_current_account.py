"""Checks of jwt.current_account: who is asking, proven by a token."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import httpx
import jwt
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

KEY = "the key of this app alone, which no other app was given"
LENA, BOB, DORA, GONE = 311, 17, 90_210, 5005
Client = httpx.AsyncClient
Noted = dict[str, str]
OPEN = {LENA: "sender", BOB: "courier", DORA: "dispatcher"}
CLOSED = {1094: "sender", 2: "courier", 36: "dispatcher"}
"""Accounts by id, with their roles."""


def email(number: int) -> str:
    """Return an account's address."""
    return "lena@example.com" if number == LENA else f"no{number}@example.com"


@pytest.fixture
async def app(sessions: "async_sessionmaker[AsyncSession]") -> FastAPI:
    """An app with one route, which tells who is asking."""
    from waybill.dependencies import CurrentAccount
    from waybill.tables import Account, Role

    async with sessions.begin() as session:
        for number, role in (OPEN | CLOSED).items():
            known = {"email": email(number), "role": Role(role)}
            session.add(Account(id=number, active=number in OPEN, **known))
    app = FastAPI()
    app.state.sessions = sessions
    app.state.settings = SimpleNamespace(secret_key=SecretStr(KEY))

    @app.get("/asking")
    async def asking(account: CurrentAccount) -> dict[str, Any]:
        assert isinstance(account, Account), f"the route was given {account!r}"
        return {"id": account.id, "email": account.email}

    return app


def bearing(number: int, key: str = KEY, ago: timedelta | None = None) -> str:
    """Return what stands in the header of whoever bears an account's token."""
    from waybill.tables import now
    from waybill.tokens import issue_token

    issued = now() - (ago or timedelta(0))
    return f"Bearer {issue_token(number, SecretStr(key), issued)}"


def refresh_token() -> str:
    """Return a header with a token that Waybill signed for something else."""
    from waybill.tables import now

    said = {"sub": str(LENA), "type": "refresh", "exp": now() + timedelta(days=14)}
    return f"Bearer {jwt.encode(said, KEY, 'HS256')}"


USELESS: dict[str, Callable[[], str]] = {
    "an expired token": lambda: bearing(LENA, ago=timedelta(days=1)),
    "a token signed with another key": lambda: bearing(LENA, KEY[::-1]),
    "a token of account 2**63": lambda: bearing(2**63),
    "a token of another type": refresh_token,
    "a text that is no token": lambda: "Bearer lena@example.com",
    "a token with a dot behind it": lambda: f"{bearing(LENA)}.",
    "a token with a word behind it": lambda: f"{bearing(LENA)} please",
    "the token of a closed account": lambda: bearing(min(CLOSED)),
    "the token of an account that is gone": lambda: bearing(GONE),
}
"""Tokens that prove nothing, or nothing that helps."""


OTHER_WAYS: dict[str, Callable[[str], dict[str, dict[str, str]]]] = {
    "the header X-Account": lambda _: {"headers": {"X-Account": email(LENA)}},
    "the header X-Token": lambda text: {"headers": {"X-Token": text}},
    "the URL, as `token`": lambda text: {"params": {"token": text}},
    "the URL, as `access_token`": lambda text: {"params": {"access_token": text}},
    "a cookie": lambda text: {
        "headers": {"Cookie": f"token={text}; access_token={text}; session={text}"}
    },
}
"""Where Lena might be named, and must not be believed."""


async def ask(
    client: Client,
    authorization: str = "",
    headers: dict[str, str] | None = None,
    params: dict[str, str] | None = None,
) -> httpx.Response:
    """Ask who is asking."""
    sent = {"Authorization": authorization} if authorization else {}
    sent |= headers or {}
    return await client.get("/asking", headers=sent, params=params)


# - The token in `Authorization: Bearer …` says who is asking, and nothing else does.
async def test_the_token_says_who_is_asking(client: Client, noted: Noted) -> None:
    """The token in the header `Authorization` says who is asking."""
    for number, role in OPEN.items():
        response = await ask(client, bearing(number))
        assert response.status_code == 200, (
            f"A {role} showed a token signed with the key of the app's settings, and "
            f"was answered {response.status_code}: {response.text}.{noted['crash']}"
        )
        assert response.json() == {"id": number, "email": email(number)}, (
            f"Account {number} showed its token; the route was given {response.json()}."
        )


async def test_nothing_else_says_who_is_asking(client: Client) -> None:
    """A token in the URL or in a cookie, and `X-Account`, say nothing."""
    for way, sending in OTHER_WAYS.items():
        sent = sending(bearing(LENA).removeprefix("Bearer "))
        response = await ask(client, **sent)
        taken = response.is_success and response.json().get("id") == LENA
        assert not taken, (
            f"A request had no Authorization, named Lena in {way}, and was taken for "
            "hers. The token in Authorization counts, and nothing else."
        )
        for number in (BOB, DORA):
            response = await ask(client, bearing(number), **sent)
            assert response.json().get("id") == number, (
                f"A {OPEN[number]} showed a token, named Lena in {way}, and read "
                f"{response.text}. The token in Authorization counts."
            )


# - Each request reads the account anew, with one query in its own `session`.
async def test_a_change_to_the_account_is_kept(
    client: Client, app: FastAPI, noted: Noted
) -> None:
    """What a route changes on the account is kept."""
    from waybill.dependencies import CurrentAccount

    @app.put("/email")
    async def move(account: CurrentAccount) -> None:
        account.email = "moved@example.com"

    headers = {"Authorization": bearing(LENA)}
    moved = await client.put("/email", headers=headers)
    crash = noted["crash"]
    response = await client.get("/asking", headers=headers)
    assert "moved@example.com" in response.text, (
        f"A route changed Lena's address ({moved.status_code}), and the next request "
        f"read {response.text}.{crash} Take the account from the request's own session."
    )


async def test_one_request_asks_once(client: Client, queries: list[str]) -> None:
    """For the account a request sends one query."""
    token = bearing(BOB)
    queries.clear()
    await ask(client, authorization=token)
    asked = [query.split()[0] for query in queries if "accounts" in query]
    assert asked == ["SELECT"], (
        f"For Bob's account these were sent: {', '.join(asked)}. One SELECT finds it."
    )


# - Everybody else gets a 401:
async def test_a_closed_account_is_refused(
    app: FastAPI, client: Client, noted: Noted
) -> None:
    """An account that is closed or gone is answered 401, though its token is right."""
    for number in (*CLOSED, GONE):
        happened = "closed (not `active`)" if number in CLOSED else "deleted"
        response = await ask(client, bearing(number))
        assert response.status_code == 401, (
            f"An account was {happened} after it had got its token, which was answered "
            f"{response.status_code} and not 401: {response.text}.{noted['crash']}"
        )
    await ask(client, bearing(LENA))
    async with app.state.sessions.begin() as session:
        await session.execute(text("UPDATE accounts SET active = 0 WHERE id = 311"))
    status = (await ask(client, bearing(LENA))).status_code
    assert status == 401, f"Lena's account was closed while she asked, and: {status}."


async def test_a_token_that_is_refused_is_401(client: Client, noted: Noted) -> None:
    """A token that `read_token` refuses is answered 401."""
    for what in [*USELESS][:-2]:
        response = await ask(client, USELESS[what]())
        assert response.status_code == 401, (
            f"Somebody showed {what}, and was answered {response.status_code}, not 401."
            f"{noted['crash']} Catch the InvalidTokenError that read_token raises."
        )


async def test_a_token_is_read_each_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that was good before is refused when it has expired."""
    from waybill import dependencies, tokens

    first = (await ask(client, bearing(LENA))).status_code
    for module in (dependencies, tokens):
        monkeypatch.setattr(module, "read_token", lambda *_: jwt.decode("", KEY))
    later = (await ask(client, bearing(LENA))).status_code
    assert (first, later) == (200, 401), (
        f"Lena's token was answered {first}; then `read_token` refused it, and it was "
        f"answered {later}. Read the token for each request."
    )


async def test_without_a_token_it_is_401(client: Client, noted: Noted) -> None:
    """Without a token it is 401, and an empty one is none."""
    shown = {
        "There was no Authorization": "",
        "Authorization was Basic and not Bearer": "Basic bGVuYTpsZW5h",
        "Lena's token came without the word Bearer": bearing(LENA)[7:],
        "Behind `Bearer ` stood nothing, so the token was an empty text": "Bearer ",
    }
    for what in shown:
        response = await ask(client, shown[what])
        assert response.status_code == 401, (
            f"{what}, and the answer was {response.status_code}: {response.text}."
            f"{noted['crash']} Whoever proves nothing is nobody: expected is 401."
        )


# - Every 401 says `WWW-Authenticate: Bearer`.
async def test_every_401_says_what_it_wants(client: Client, noted: Noted) -> None:
    """Every 401 says `WWW-Authenticate: Bearer`."""
    none = {"no token": "", "an empty token": "Bearer "}
    for what in (*none, *USELESS):
        response = await ask(client, none[what] if what in none else USELESS[what]())
        found = response.headers.get("WWW-Authenticate", "")
        assert re.match(r"Bearer\b", found, re.IGNORECASE), (
            f"With {what} the answer was {response.status_code}, with "
            f"{f'WWW-Authenticate: {found}' if found else 'no WWW-Authenticate'}."
            f"{noted['crash']} An HTTPException takes headers."
        )


async def test_no_answer_says_what_is_wrong(client: Client) -> None:
    """Whatever is wrong with a token or its account, the body is the same."""
    first, *others = USELESS
    usual = (await ask(client, USELESS[first]())).text
    for other in others:
        found = (await ask(client, USELESS[other]())).text
        assert found == usual, (
            f"With {first} the answer was {usual}, and with {other} {found}. That tells"
            " who has an account, or what to forge next: let both be the same."
        )


# - A database that fails stays a 500.
@pytest.mark.parametrize(
    "reason",
    ["the disk is full", "a table is missing", "no connection is free", "it is gone"],
)
async def test_a_failing_database_is_no_401(
    client: Client, fail: Callable[[str], None], reason: str
) -> None:
    """A database that fails stays a 500."""
    token = bearing(LENA)
    fail(reason)
    response = await ask(client, token)
    assert response.status_code == 500, (
        f"Lena showed a right token, the database failed ({reason}), and the answer "
        f"was {response.status_code}: {response.text}. Her token is not to blame: "
        "catch only what read_token raises."
    )


# - The docs say that tokens come from `/v1/token`.
async def test_the_docs_say_where_tokens_come_from(app: FastAPI) -> None:
    """The docs lock the route, and say that tokens come from `/v1/token`."""
    described = app.openapi()
    schemes = described.get("components", {}).get("securitySchemes", {})
    named = {
        name
        for one in described["paths"]["/asking"]["get"].get("security", ())
        for name in one
    }
    urls = [
        urljoin("/docs", scheme["flows"]["password"]["tokenUrl"])
        for name, scheme in schemes.items()
        if name in named and "password" in scheme.get("flows", {})
    ]
    assert urls == ["/v1/token"], (
        "In the docs a route that asks for CurrentAccount has the security "
        f"{', '.join(named) or 'none'}, and its password flow leads to "
        f"{', '.join(urls) or 'nowhere'}. It should lead to /v1/token."
    )
