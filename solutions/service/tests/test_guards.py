import re
from collections.abc import AsyncIterator, Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx import ASGITransport, AsyncClient

from waybill.app import create_app
from waybill.settings import Settings

# kata: jwt.guards
"""Tests that no private route can be reached without a token."""


PUBLIC = {
    "/docs",
    "/docs/oauth2-redirect",
    "/health",
    "/openapi.json",
    "/redoc",
    "/v1/accounts",
    "/v1/rates",
    "/v1/rates/{country}",
    "/v1/rates/{country}/offers",
    "/v1/rates/{country}/price",
    "/v1/rates/{country}/terms",
    "/v1/token",
}
"""The routes that anybody may use; each one was decided on."""


def private_routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Yield the method and the path of every route that is not public."""
    for route in iter_route_contexts(app.routes):
        if route.path not in PUBLIC:
            for method in route.methods or ():
                yield method, str(route.path)


@pytest.fixture
def app() -> FastAPI:
    """Waybill, without a database: nobody should get that far."""
    return create_app(Settings())


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A client of that Waybill, with no token."""
    transport = ASGITransport(app=app)
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
        assert response.headers["WWW-Authenticate"] == "Bearer"
        visited.add(path)
    assert "/v1/parcels" in visited
