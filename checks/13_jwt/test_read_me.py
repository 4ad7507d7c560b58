"""Checks of jwt.read_me: the account of whoever is asking."""

from collections.abc import Callable
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
DORA = {"id": 4, "email": "dora@example.com", "role": "dispatcher"}


@pytest.fixture
async def app(sessions: "async_sessionmaker[AsyncSession]") -> FastAPI:
    """An app with the routes of auth.py, and three accounts."""
    from waybill.auth import router
    from waybill.tables import Account, Role

    async with sessions.begin() as session:
        for one in (LENA, BOB, DORA):
            session.add(Account(**(one | {"role": Role(one["role"])})))
    app = FastAPI()
    app.state.sessions = sessions
    app.state.settings = SimpleNamespace(secret_key=SecretStr(KEY))
    app.include_router(router)
    return app


@pytest.fixture
def tokens() -> dict[str, dict[str, str]]:
    """The headers of Lena, of Bob and of Dora."""
    from waybill.tables import now
    from waybill.tokens import issue_token

    def bearing(account: dict[str, object]) -> dict[str, str]:
        number = int(str(account["id"]))
        return {"Authorization": f"Bearer {issue_token(number, SecretStr(KEY), now())}"}

    return {"Lena": bearing(LENA), "Bob": bearing(BOB), "Dora": bearing(DORA)}


def parameters(app: FastAPI) -> list[str]:
    """Return the names of what GET /me takes from outside, by the docs."""
    operation = app.openapi()["paths"].get("/me", {}).get("get", {})
    return [one["name"] for one in operation.get("parameters", ())]


# - `GET /me` answers with the id, the e-mail address and the role of whoever is asking.
async def test_nobody_reads_anybody_else(
    app: FastAPI, client: httpx.AsyncClient, tokens: dict[str, dict[str, str]]
) -> None:
    """Nobody gets somebody else's account by an id in query, headers or cookies."""
    usual = "account_id", "id", "user_id", "email"
    names = dict.fromkeys((*usual, *parameters(app)))  # each one once
    query = {name: BOB["email" if name == "email" else "id"] for name in names}
    others = {"X-Account": BOB["email"], "X-Account-Id": str(BOB["id"])}
    cookies = (f"{name}={value}" for name, value in query.items())
    others["Cookie"] = "; ".join(cookies)
    callers = {
        "Lena, with her token,": tokens["Lena"],
        "Dora, a dispatcher,": tokens["Dora"],
        "Somebody without a token": {},
    }
    for who, headers in callers.items():
        response = await client.get("/me", params=query, headers=headers | others)
        assert BOB["email"] not in response.text, (
            f"{who} asked for /me with Bob's id in query, headers and cookies, and "
            f"read {response.text}. Only the token says who is asking."
        )


async def test_it_is_whoever_is_asking(
    client: httpx.AsyncClient,
    tokens: dict[str, dict[str, str]],
    noted: dict[str, str],
) -> None:
    """`GET /me` answers with the id, the address and the role of whoever is asking."""
    for who, account in (("Lena", LENA), ("Bob", BOB), ("Dora", DORA)):
        response = await client.get("/me", headers=tokens[who])
        assert response.status_code == 200, (
            f"{who} showed a right token, and GET /me was answered "
            f"{response.status_code}: {response.text}.{noted['crash']}"
        )
        assert response.json() == account, (
            f"{who} showed a right token, and GET /me was answered {response.text}. "
            f"Expected is {account}: neither less nor more."
        )


# - It takes no parameter from outside.
async def test_it_takes_no_parameter(
    app: FastAPI, client: httpx.AsyncClient, tokens: dict[str, dict[str, str]]
) -> None:
    """`GET /me` takes no parameter from outside."""
    names = parameters(app)
    assert not names, (
        f"By the docs GET /me takes {', '.join(names)} from outside. The token says "
        "all that it has to know."
    )
    query = {"account_id": BOB["id"], "id": "x", "user_id": 0, "email": BOB["email"]}
    response = await client.get("/me", params=query, headers=tokens["Lena"])
    assert response.json() == LENA, (
        "Lena asked for /me, with more in the query string than anybody needs, and was "
        f"answered {response.status_code}: {response.text}. What stands there should "
        "change nothing."
    )


# - Without a token it is 401.
async def test_without_a_token_it_is_401(client: httpx.AsyncClient) -> None:
    """Without a token it is 401."""
    response = await client.get("/me")
    assert response.status_code == 401, (
        f"GET /me without a token was answered {response.status_code}: "
        f"{response.text}. Expected is 401."
    )
