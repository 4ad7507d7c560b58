"""Checks of performance.api: a depot's day has a URL."""

import logging
from collections.abc import AsyncIterator, Callable
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
KEY = SecretStr("the key of these checks, known to nobody else")
CEM = 23
PATH = "/v1/depots/{depot}/days/{day}"
DAY = "/v1/depots/HAM/days/2026-03-02"


@pytest.fixture
async def app(sessions: "async_sessionmaker[AsyncSession]") -> FastAPI:
    """Waybill, with a courier."""
    from waybill.app import create_app
    from waybill.settings import Settings
    from waybill.tables import Account, Role

    async with sessions.begin() as session:
        session.add(Account(id=CEM, email="cem@example.com", role=Role.COURIER))
    app = create_app(Settings(environment="development", secret_key=KEY))
    app.state.sessions = sessions
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Cem's client; it reads a 500 where a server would send one."""
    expiry = datetime(2099, 3, 2, 12, tzinfo=UTC)
    claims = {"sub": str(CEM), "type": "access", "exp": expiry}
    token = jwt.encode(claims, KEY.get_secret_value(), "HS256")
    async with connect(app, raise_app_exceptions=False) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


# - The route is found below `/v1`, and nothing else about `api` changes.
async def test_it_has_a_url(client: httpx.AsyncClient) -> None:
    """A courier is answered, and nobody without an account."""
    answer = await client.get(DAY)
    assert answer.status_code == 200, (
        f"Cem, a courier, sent GET {DAY} and was answered {answer.status_code}: "
        f"{answer.text[:100]}. Does `api` include the router, without a prefix?"
    )
    del client.headers["Authorization"]
    answer = await client.get(DAY)
    assert answer.status_code == 401, (
        f"Somebody without a token was answered {answer.status_code}, not 401."
    )


async def test_other_routes_stay(client: httpx.AsyncClient) -> None:
    """Other routes keep their URLs and their tags."""
    for path in ("/v1/parcels", "/v1/depots/HAM/scans"):
        answer = await client.get(path)
        assert answer.status_code == 200, (
            f"Cem sent GET {path} and was answered {answer.status_code}."
        )
    described = (await client.get("/openapi.json")).json()["paths"]
    tags = described["/v1/parcels"]["get"].get("tags")
    assert tags == ["parcels"], f"The docs list GET /v1/parcels below {tags}."


# - The docs list `GET /v1/depots/{depot}/days/{day}` below the tag `parcels`, with its
# 401 and its 403.
async def test_the_docs_list_it(client: httpx.AsyncClient) -> None:
    """The docs list the route below the tag `parcels`, with a 401 and a 403."""
    described: dict[str, Any] = (await client.get("/openapi.json")).json()["paths"]
    assert PATH in described, f"The docs know the paths {sorted(described)}."
    operation = described[PATH]["get"]
    tags = operation.get("tags")
    assert tags == ["parcels"], f"The docs list GET {PATH} below {tags or 'no tag'}."
    for status in ("401", "403"):
        found = operation["responses"].get(status, {}).get("content", {})
        models = [kind.get("schema") for kind in found.values()]
        assert models == [{"$ref": "#/components/schemas/Problem"}], (
            f"The docs of GET {PATH} describe a {status} by {models or 'nothing'}. "
            "ROLE_NEEDED has both."
        )


# - Who asked for it stands in the access log.
async def test_it_is_logged(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The access log says once who asked for it."""
    with caplog.at_level(logging.INFO, logger="waybill.access"):
        await client.get(DAY)
    told = [one.getMessage() for one in caplog.records if one.name == "waybill.access"]
    named = [one for one in told if "cem@example.com" in one and DAY in one]
    assert len(named) == 1, (
        f"Cem asked for {DAY}, and the access log has {told}. One entry was expected: "
        "`dependencies=[Depends(access_log)]`."
    )
