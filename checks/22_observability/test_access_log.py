"""Checks of observability.access_log: the old second line is gone, the guard is not."""

import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException
from fastapi.routing import iter_route_contexts

Connect = Callable[..., httpx.AsyncClient]


@pytest.fixture
def app() -> FastAPI:
    """An app with the whole API, for nobody in particular."""
    from waybill.api import api
    from waybill.dependencies import current_account

    async def nobody() -> Any:  # noqa: ANN401
        raise HTTPException(401, "Sign in.")

    app = FastAPI()
    app.include_router(api)
    app.dependency_overrides[current_account] = nobody
    return app


# - `access_log` logs nothing any more, and still asks for the account.
async def test_it_logs_nothing(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    """`access_log` lets nobody in without an account, and logs nothing."""
    from fastapi import Depends

    from waybill.api import access_log
    from waybill.dependencies import current_account

    class Lena:
        id, email = 7, "lena@example.com"

    refused = HTTPException(401, "Sign in.")

    async def lena() -> Lena:
        return Lena()

    async def nobody() -> Lena:
        raise refused

    app = FastAPI()

    @app.get("/parcels", dependencies=[Depends(access_log)])
    async def parcels() -> str:
        return "here"

    caplog.set_level(logging.DEBUG, logger="waybill")
    async with connect(app) as client:
        for who, status in ((lena, 200), (nobody, 401)):
            app.dependency_overrides[current_account] = who
            response = await client.get("/parcels")
            assert response.status_code == status, (
                f"{who.__name__} asked for a route with `access_log`, and was answered "
                f"{response.status_code}; {status} is right. Keep the parameter."
            )
    said = [one.getMessage() for one in caplog.records if one.name == "waybill.access"]
    assert not said, (
        f"`waybill.access` said {said}. The request's own line says it all."
    )


# - The parcels keep their place, and whoever isn't signed in is refused.
async def test_the_parcels_stay(connect: Connect, app: FastAPI) -> None:
    """Parcels are found below /v1, and are refused to whoever isn't signed in."""
    paths = [str(route.path) for route in iter_route_contexts(app.routes)]
    count = paths.count("/v1/parcels")
    assert count, f"The API has no /v1/parcels any more. Keep `include_router`: {paths}"
    async with connect(app) as client:
        for path in ("/v1/parcels", "/v1/parcels/7"):
            response = await client.get(path)
            assert response.status_code == 401, f"{path}: {response.status_code}."
    operation = app.openapi()["paths"]["/v1/parcels/{parcel_id}"]["get"]
    assert operation["tags"] == ["parcels"], f"Its tags are {operation['tags']}."
    assert "404" in operation["responses"], "The docs name no 404 for a parcel."
