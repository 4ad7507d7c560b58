"""Checks of jwt.read_me: the account of whoever is asking."""

import re
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Connect = Callable[..., httpx.AsyncClient]

KEY = "the key of this app alone, which no other app was given"
LENA = {"id": 311, "email": "lena@example.com", "role": "sender"}
BOB = {"id": 17, "email": "bob@example.com", "role": "courier"}


@pytest.fixture
async def app(sessions: "async_sessionmaker[AsyncSession]") -> FastAPI:
    """An app with the routes of auth.py, and two accounts."""
    from waybill.auth import router
    from waybill.tables import Account, Role

    async with sessions.begin() as session:
        for one in (LENA, BOB):
            session.add(Account(**(one | {"role": Role(one["role"])})))
    app = FastAPI()
    app.state.sessions = sessions
    app.state.settings = SimpleNamespace(secret_key=SecretStr(KEY))
    app.include_router(router)
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


@pytest.fixture
def tokens() -> dict[str, dict[str, str]]:
    """The headers of Lena and of Bob."""
    from waybill.tables import now
    from waybill.tokens import issue_token

    def bearing(account: dict[str, object]) -> dict[str, str]:
        number = int(str(account["id"]))
        return {"Authorization": f"Bearer {issue_token(number, SecretStr(KEY), now())}"}

    return {"Lena": bearing(LENA), "Bob": bearing(BOB)}


def parameters(app: FastAPI) -> list[str]:
    """Return the names of what GET /me takes from outside, by the docs."""
    operation = app.openapi()["paths"].get("/me", {}).get("get", {})
    return [one["name"] for one in operation.get("parameters", ())]


async def test_nobody_reads_anybody_else(
    app: FastAPI, client: httpx.AsyncClient, tokens: dict[str, dict[str, str]]
) -> None:
    """What is in the query string shows nobody somebody else's account."""
    usual = "account_id", "id", "user_id", "email"
    names = dict.fromkeys((*usual, *parameters(app)))  # each one once
    query = {name: BOB["email" if name == "email" else "id"] for name in names}
    for who, headers in (("Lena, with her token,", tokens["Lena"]), ("Somebody", {})):
        response = await client.get("/me", params=query, headers=headers)
        assert BOB["email"] not in response.text, (
            f"{who} asked for /me with Bob's id in the query string, and read "
            f"{response.text}. Who is asking is what the token proves."
        )


async def test_it_is_whoever_is_asking(
    client: httpx.AsyncClient, tokens: dict[str, dict[str, str]]
) -> None:
    """`GET /me` answers with id, e-mail and role of whoever is asking."""
    for who, account in (("Lena", LENA), ("Bob", BOB)):
        response = await client.get("/me", headers=tokens[who])
        assert response.status_code == 200, (
            f"{who} showed a right token, and GET /me was answered "
            f"{response.status_code}: {response.text}"
        )
        assert response.json() == account, (
            f"{who} showed a right token, and GET /me was answered {response.text}. "
            f"Expected is {account}: neither less nor more."
        )


async def test_it_takes_no_parameter(app: FastAPI) -> None:
    """`GET /me` takes no parameter."""
    names = parameters(app)
    assert not names, (
        f"By the docs GET /me takes {', '.join(names)} from outside. The token says "
        "all that it has to know."
    )


async def test_without_a_token_it_is_401(client: httpx.AsyncClient) -> None:
    """Without a token it is 401."""
    response = await client.get("/me")
    assert response.status_code == 401, (
        f"GET /me without a token was answered {response.status_code}: "
        f"{response.text}. Expected is 401."
    )
