"""Checks of websockets.api: tickets and screens have URLs."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Connect = Callable[..., httpx.AsyncClient]
Open = Callable[..., Awaitable[Any]]
KEY = SecretStr("the key of these checks, known to nobody else")
DORA = 51
PATH = "/v1/depots/{depot}/tickets"


@pytest.fixture
async def app(sessions: "async_sessionmaker[AsyncSession]") -> FastAPI:
    """Waybill, with a dispatcher."""
    from waybill.app import create_app
    from waybill.hub import Hub
    from waybill.settings import Settings
    from waybill.tables import Account, Role

    async with sessions.begin() as session:
        row = Account(id=DORA, email="dora@example.com", role=Role.DISPATCHER)
        session.add(row)
    app = create_app(Settings(environment="development", secret_key=KEY))
    app.state.sessions = sessions
    app.state.hub = Hub()
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Dora's client; it reads a 500 where a server would send one."""
    expiry = datetime(2099, 3, 2, 12, tzinfo=UTC)
    claims = {"sub": str(DORA), "type": "access", "exp": expiry}
    token = jwt.encode(claims, KEY.get_secret_value(), "HS256")
    async with connect(app, raise_app_exceptions=False) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


# - Tickets and screens are found below `/v1`, and nothing else about `api` changes.
async def test_both_have_urls(
    app: FastAPI, client: httpx.AsyncClient, open_client: Open
) -> None:
    """A ticket is issued at its URL, and opens a connection at the other."""
    answer = await client.post("/v1/depots/HAM/tickets")
    assert answer.status_code == 201, (
        f"Dora, a dispatcher, sent POST /v1/depots/HAM/tickets and was answered "
        f"{answer.status_code}: {answer.text[:100]}. Does `api` include the router, "
        "without a prefix of its own?"
    )
    address = f"/v1/depots/HAM/live?ticket={answer.json()['ticket']}"
    screen = await open_client(app, address)
    assert screen.accepted, (
        "With a ticket, /v1/depots/HAM/live was not accepted. A guard for all routes "
        f"of the router also asks screens, which have no token. {screen.error or ''}"
    )


async def test_nobody_gets_a_ticket_without_an_account(
    client: httpx.AsyncClient,
) -> None:
    """Whoever isn't signed in gets no ticket."""
    del client.headers["Authorization"]
    answer = await client.post("/v1/depots/HAM/tickets")
    assert answer.status_code == 401, (
        f"Somebody without a token asked for a ticket: {answer.status_code}, not 401."
    )


# - The docs list `POST /v1/depots/{depot}/tickets` below the tag `live`, with its 401
# and its 403.
async def test_the_docs_list_it(client: httpx.AsyncClient) -> None:
    """The docs list the tickets below the tag `live`, with a 401 and a 403."""
    described: dict[str, Any] = (await client.get("/openapi.json")).json()["paths"]
    assert PATH in described, f"The docs know the paths {sorted(described)}."
    operation = described[PATH]["post"]
    tags = operation.get("tags")
    assert tags == ["live"], f"The docs list POST {PATH} below {tags or 'no tag'}."
    for status in ("401", "403"):
        found = operation["responses"].get(status, {}).get("content", {})
        models = [kind.get("schema") for kind in found.values()]
        assert models == [{"$ref": "#/components/schemas/Problem"}], (
            f"The docs of POST {PATH} describe a {status} by {models or 'nothing'}. "
            "GUARDED_BY_TICKET has both."
        )


async def test_other_routes_stay(client: httpx.AsyncClient) -> None:
    """Other routes keep their URLs and their tags."""
    answer = await client.get("/v1/parcels")
    assert answer.status_code == 200, (
        f"Dora sent GET /v1/parcels and was answered {answer.status_code}."
    )
    described = (await client.get("/openapi.json")).json()["paths"]
    tags = described["/v1/parcels"]["get"].get("tags")
    assert tags == ["parcels"], f"The docs list GET /v1/parcels below {tags}."
