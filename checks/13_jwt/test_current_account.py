"""Checks of jwt.current_account: who is asking, proven by a token."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import httpx
import jwt
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

Connect = Callable[..., httpx.AsyncClient]

KEY = "the key of this app alone, which no other app was given"
LENA, BOB, CLOSED, GONE = 311, 17, 1094, 5005
EMAILS = {LENA: "lena@example.com", BOB: "bob@example.com", CLOSED: "c@example.com"}


@pytest.fixture
async def app(sessions: "async_sessionmaker[AsyncSession]") -> FastAPI:
    """An app with one route, which tells who is asking."""
    from waybill.dependencies import CurrentAccount
    from waybill.tables import Account

    async with sessions.begin() as session:
        for number, email in EMAILS.items():
            session.add(Account(id=number, email=email, active=number != CLOSED))
    app = FastAPI()
    app.state.sessions = sessions
    app.state.settings = SimpleNamespace(secret_key=SecretStr(KEY))

    @app.get("/asking")
    async def asking(account: CurrentAccount) -> dict[str, Any]:
        assert isinstance(account, Account), (
            f"A route asked for a CurrentAccount and was given {account!r}. Return "
            "the Account itself."
        )
        return {"id": account.id, "email": account.email}

    return app


async def hide_token(request: httpx.Request) -> None:
    """Show in verdicts that there was a token, and not the token."""
    shown = request.extensions["exchange"]
    shown["sent"] = re.sub(r"(?<=Bearer )\S{40,}", "(a token)", shown["sent"])


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reads a 500 where a server would send one."""
    async with connect(app, raise_app_exceptions=False) as client:
        client.event_hooks["request"].append(hide_token)
        yield client


def bearing(number: int, key: str = KEY, ago: timedelta | None = None) -> str:
    """Return what stands in the header of whoever bears an account's token."""
    from waybill.tables import now
    from waybill.tokens import issue_token

    issued = now() - (ago or timedelta(0))
    return f"Bearer {issue_token(number, SecretStr(key), issued)}"


def refresh_token() -> str:
    """Return a header with a token that Waybill signed for something else."""
    from waybill.tables import now

    end = now() + timedelta(days=14)
    said = {"sub": str(LENA), "type": "refresh", "exp": end}
    return f"Bearer {jwt.encode(said, KEY, 'HS256')}"


USELESS: dict[str, Callable[[], str]] = {
    "an expired token": lambda: bearing(LENA, ago=timedelta(days=1)),
    "a token signed with another key": lambda: bearing(LENA, KEY[::-1]),
    "a token of another type": refresh_token,
    "a text that is no token": lambda: "Bearer lena@example.com",
    "the token of a closed account": lambda: bearing(CLOSED),
    "the token of an account that is gone": lambda: bearing(GONE),
}
"""Tokens that prove nothing, or nothing that helps."""


async def ask(client: httpx.AsyncClient, **headers: str) -> httpx.Response:
    """Ask who is asking."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.get("/asking", headers=sent)


async def test_the_token_says_who_is_asking(client: httpx.AsyncClient) -> None:
    """The token in the header `Authorization` says who is asking."""
    for number in (LENA, BOB):
        email = EMAILS[number]
        response = await ask(client, authorization=bearing(number))
        assert response.status_code == 200, (
            f"{email} showed a token signed with the key of the app's settings, and "
            f"was answered {response.status_code}: {response.text}"
        )
        assert response.json() == {"id": number, "email": email}, (
            f"{email} (id {number}) showed a token, and the route was given "
            f"{response.json()}."
        )


async def test_a_closed_account_is_refused(client: httpx.AsyncClient) -> None:
    """A closed account is answered 401, though its token is right."""
    response = await ask(client, authorization=bearing(CLOSED))
    assert response.status_code == 401, (
        "An account was closed (`active` is False) after it had got its token. It "
        f"showed that token, and was answered {response.status_code}: {response.text}. "
        "Expected is 401."
    )


async def test_an_account_that_is_gone_is_refused(client: httpx.AsyncClient) -> None:
    """An account that is gone is answered 401."""
    response = await ask(client, authorization=bearing(GONE))
    assert response.status_code == 401, (
        "A right token came, of an account that the table no longer holds, and was "
        f"answered {response.status_code}: {response.text}. It proves nobody: "
        "expected is 401."
    )


@pytest.mark.parametrize("what", [*USELESS][:4])
async def test_a_token_that_is_refused_is_401(
    client: httpx.AsyncClient, what: str
) -> None:
    """A token that `read_token` refuses is answered 401."""
    response = await ask(client, authorization=USELESS[what]())
    advice = (
        " read_token raised InvalidTokenError, and nobody caught it."
        if response.status_code == 500
        else ""
    )
    assert response.status_code == 401, (
        f"Somebody showed {what}, and was answered {response.status_code} instead of "
        f"401.{advice}"
    )


@pytest.mark.parametrize("scheme", ["", "Bearer ", "Basic bGVuYTpsZW5h"])
async def test_without_a_token_it_is_401(
    client: httpx.AsyncClient, scheme: str
) -> None:
    """Without a token it is 401."""
    headers = {"authorization": scheme} if scheme else {}
    response = await ask(client, **headers)
    said = f"`Authorization: {scheme}`" if scheme else "No Authorization"
    assert response.status_code == 401, (
        f"{said} was sent, and the answer was {response.status_code}: "
        f"{response.text}. Whoever proves nothing is nobody: expected is 401."
    )


async def test_the_old_header_says_nothing(client: httpx.AsyncClient) -> None:
    """`X-Account` says nothing any more, with a token and without."""
    response = await ask(client, x_account="lena@example.com")
    assert response.status_code == 401, (
        "`X-Account: lena@example.com` was sent without a token, and the answer was "
        f"{response.status_code}: {response.text}. Anybody can write that header: "
        "expected is 401."
    )
    response = await ask(
        client, authorization=bearing(BOB), x_account="lena@example.com"
    )
    assert response.json().get("id") == BOB, (
        "Bob showed his token and wrote `X-Account: lena@example.com`. The answer was "
        f"{response.status_code}: {response.text}. The token alone counts."
    )


@pytest.mark.parametrize("what", ["no token", *USELESS])
async def test_every_401_says_what_it_wants(
    client: httpx.AsyncClient, what: str
) -> None:
    """Every 401 says `WWW-Authenticate: Bearer`."""
    headers = {"authorization": USELESS[what]()} if what in USELESS else {}
    response = await ask(client, **headers)
    found = response.headers.get("WWW-Authenticate")
    assert found == "Bearer", (
        f"With {what} the answer was {response.status_code}, with "
        f"{f'WWW-Authenticate: {found}' if found else 'no WWW-Authenticate'}. A 401 "
        "says which proof is wanted: Bearer. An HTTPException takes headers."
    )


async def test_no_answer_says_what_is_wrong(client: httpx.AsyncClient) -> None:
    """A token that doesn't help is answered in the same words, whatever is wrong."""
    first, *others = USELESS
    usual = (await ask(client, authorization=USELESS[first]())).text
    for other in others:
        found = (await ask(client, authorization=USELESS[other]())).text
        told = (
            "whether there is such an account"
            if "account" in other
            else "whoever tries tokens what to mend next"
        )
        assert found == usual, (
            f"With {first} the answer was {usual}, and with {other} {found}. That "
            f"tells {told}: let both be the same."
        )


async def test_a_failing_database_is_no_401(
    client: httpx.AsyncClient, engine: "AsyncEngine"
) -> None:
    """A database that fails stays a 500."""
    from sqlalchemy import event

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def fail(*_details: object) -> None:
        raise OSError("the disk is gone")

    response = await ask(client, authorization=bearing(LENA))
    assert response.status_code == 500, (
        "Lena showed a right token, the database failed, and the answer was "
        f"{response.status_code}: {response.text}. Her token is not to blame: catch "
        "only what read_token raises."
    )


async def test_one_request_asks_once(
    client: httpx.AsyncClient, queries: list[str]
) -> None:
    """For the account a request sends one query."""
    token = bearing(BOB)
    queries.clear()
    await ask(client, authorization=token)
    asked = [query.split()[0] for query in queries if "accounts" in query]
    assert asked == ["SELECT"], (
        f"Bob showed his token, and {len(asked)} queries were sent for his account: "
        f"{', '.join(asked)}. One SELECT finds it."
    )


async def test_a_change_to_the_account_is_kept(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    """The account belongs to the request's session: what a route changes is kept."""
    from waybill.dependencies import CurrentAccount

    @app.put("/email")
    async def move(account: CurrentAccount) -> None:
        account.email = "moved@example.com"

    headers = {"Authorization": bearing(LENA)}
    moved = await client.put("/email", headers=headers)
    response = await client.get("/asking", headers=headers)
    assert "moved@example.com" in response.text, (
        f"A route changed Lena's address ({moved.status_code}), and the next request "
        f"read {response.text}. Take the account from the request's own session."
    )


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
        f"{', '.join(urls) or 'nowhere'}. It should lead to /v1/token: "
        "OAuth2PasswordBearer is told where."
    )
