"""Checks of security_review.api: the search has a URL, for those with an account."""

import logging
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Connect = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def app(sessions: "async_sessionmaker[AsyncSession]") -> FastAPI:
    """Waybill, with the rows of these checks."""
    from waybill.app import create_app
    from waybill.settings import Settings

    app = create_app(Settings(environment="development"))
    app.state.sessions = sessions
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of Waybill; it reads a 500 where a server would send one."""
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


# - The search is found at `/v1/search`, and parcels stay where they are.
async def test_it_has_a_url(
    app: FastAPI, client: httpx.AsyncClient, as_lena: Callable[..., Any]
) -> None:
    """Lena finds her parcels at `/v1/search`."""
    from waybill.dependencies import current_account

    app.dependency_overrides[current_account] = as_lena
    for path in ("/v1/search?name=cotton", "/v1/parcels?after=8&limit=1"):
        answer = await client.get(path)
        assert answer.status_code == 200, (
            f"GET {path} was answered {answer.status_code}. Include the router once, "
            "without a prefix: `api` brings /v1."
        )
        found = [parcel["id"] for parcel in answer.json()]
        assert found == [9], f"GET {path} returned {found!r} instead of [9]."


# - A search leaves a line in the access log, and nobody without an account gets in.
async def test_strangers_are_refused(client: httpx.AsyncClient) -> None:
    """Nobody searches without an account."""
    answer = await client.get("/v1/search?name=cotton")
    assert answer.status_code == 401, (
        f"Nobody had signed in, and GET /v1/search was answered {answer.status_code}."
    )


async def test_it_leaves_a_line(
    app: FastAPI,
    client: httpx.AsyncClient,
    as_lena: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Who searched is noted once; what for isn't."""
    from waybill.dependencies import current_account

    app.dependency_overrides[current_account] = as_lena
    with caplog.at_level(logging.INFO, logger="waybill.access"):
        await client.get("/v1/search?name=cotton")
    noted = [one for one in caplog.records if one.name == "waybill.access"]
    lines = [one.getMessage() for one in noted]
    assert len(lines) == 1, (
        f"A search left {len(lines)} lines in the access log, not one: {lines!r}. "
        "`access_log` is a dependency of the routers above."
    )


# - The docs list it below the tag `parcels`, with its 401.
async def test_the_docs_list_it(app: FastAPI) -> None:
    """The docs have it below `parcels`, and say that it wants a token."""
    listed = app.openapi()["paths"].get("/v1/search", {}).get("get", {})
    tags, answers = listed.get("tags"), sorted(listed.get("responses", {}))
    assert tags == ["parcels"], f"Its tags are {tags!r}, and should be ['parcels']."
    assert "401" in answers, (
        f"The docs say that a search may answer {answers!r}. Name 401, too: "
        "`NO_ACCOUNT` holds it."
    )
