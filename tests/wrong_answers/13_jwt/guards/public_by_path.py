#| kata: jwt.guards
#| refused_by: test_another_method_is_red
# Takes each method of a public path for public.
import re
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import async_sessionmaker

from waybill.app import create_app
from waybill.settings import Settings

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
    "POST /v1/accounts",
    "POST /v1/quotes/boxes",
    "POST /v1/rates/price",
    "POST /v1/token",
}
"""What anybody may ask for; each one was decided on."""


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
    visited = 0
    open_paths = {one.split()[1] for one in PUBLIC}
    for route in iter_route_contexts(app.routes):
        for method in route.methods or ():
            if route.path in open_paths:
                continue
            response = await client.request(method, re.sub(r"{.*?}", "1", route.path))
            assert response.status_code == 401, (method, route.path)
            assert response.headers["WWW-Authenticate"] == "Bearer", (
                method,
                route.path,
            )
            visited += 1
    assert visited
