"""Tests that no private route can be reached without a token."""

import re
from collections.abc import AsyncIterator, Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import async_sessionmaker

from waybill.app import create_app
from waybill.settings import Settings

# kata: jwt.guards
PUBLIC = {
    "GET /health",
    "HEAD /health",
    "GET /v1/carriers",
    "GET /v1/carriers/notice",
    "GET /v1/quotes",
    "GET /v1/rates",
    "GET /v1/rates/{country}",
    "GET /v1/rates/{country}/offers",
    "GET /v1/rates/{country}/terms",
    "GET /v1/track/{code}",
    "POST /v1/accounts",
    "POST /v1/quotes/boxes",
    "POST /v1/rates/price",
    "POST /v1/token",
}
"""What anybody may ask for; each one was decided on."""


def private_routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Yield the method and the path of every route that is not public."""
    for route in iter_route_contexts(app.routes):
        for method in route.methods or ():
            if f"{method} {route.path}" not in PUBLIC:
                yield method, str(route.path)


@pytest.fixture
def app() -> FastAPI:
    """Waybill as in production: without docs, and here without a database."""
    key = SecretStr("k" * 32)
    app = create_app(Settings(environment="production", secret_key=key))
    app.state.sessions = async_sessionmaker()  # fails when it is used
    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A client without a token; whoever gets past a guard reads a 500."""
    transport = ASGITransport(app=app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        yield client


@pytest.mark.anyio
async def test_every_private_route_wants_a_token(
    app: FastAPI, client: AsyncClient
) -> None:
    """Without a token, every route that is not public answers 401."""
    visited = set()
    for method, path in private_routes(app):
        response = await client.request(method, re.sub(r"{.*?}", "1", path))
        assert response.status_code == 401, f"{method} {path}"
        assert response.headers["WWW-Authenticate"] == "Bearer", f"{method} {path}"
        visited.add(path)
    assert "/v1/parcels" in visited
