"""Checks of permissions.api: dispatchers have their URLs, their docs and their log."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

PATHS = {
    "/v1/dispatch/parcels": "get",
    "/v1/dispatch/parcels/{parcel_id}/courier": "put",
}


@pytest.fixture
def app(
    mount: Callable[..., FastAPI],
    asking: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> FastAPI:
    """An app with the whole API; a route for scanners is there, too."""
    from waybill import dispatch
    from waybill.api import api

    monkeypatch.setattr(dispatch.scanners, "routes", [*dispatch.scanners.routes])

    @dispatch.scanners.post("/probe")
    async def probe() -> str:
        return "beep"

    asking["name"] = "dora"
    return mount(api)


# - The routes of `dispatch.router` stand below `/v1`, and the access log notes who used
# them.
async def test_they_stand_below_v1(client: httpx.AsyncClient) -> None:
    """The routes of `dispatch.router` stand directly below `/v1`."""
    response = await client.get("/v1/dispatch/parcels")
    assert response.status_code == 200, (
        f"GET /v1/dispatch/parcels was answered {response.status_code}: "
        f"{response.text}. Is `dispatch.router` included, without a further prefix?"
    )


async def test_each_request_leaves_its_line(
    client: httpx.AsyncClient,
    app: FastAPI,
    access_lines: Callable[[FastAPI], Callable[[], list[str]]],
) -> None:
    """Each request of a dispatcher leaves one line in the log, with their address."""
    lines = access_lines(app)
    for method, path in (
        ("GET", "/v1/dispatch/parcels"),
        ("PUT", "/v1/dispatch/parcels/7/courier"),
    ):
        body = {"courier_id": 23} if method == "PUT" else None
        await client.request(method, path, json=body)
        said = lines()
        assert len(said) == 1, (
            f"{method} {path} left these lines in the log: {said}. Give the router the "
            "dependency `access_log`, as the parcels have it."
        )
        assert "dora@example.com" in said[0], f"Dora isn't in the line: {said[0]}."


# - The docs list them under the tag `dispatch`, and mention 401, 403, 404 and 409.
async def test_the_docs_list_them(app: FastAPI) -> None:
    """The docs list them under the tag `dispatch`, once."""
    for path, method in PATHS.items():
        operation = app.openapi()["paths"].get(path, {}).get(method)
        assert operation, f"The docs lack {method.upper()} {path}."
        tags = operation.get("tags", [])
        assert tags == ["dispatch"], f"{method.upper()} {path} has the tags {tags}."


async def test_the_docs_name_the_refusals(app: FastAPI) -> None:
    """The docs name 401, 403, 404 and 409, each in the shape of `Problem`."""
    for path, method in PATHS.items():
        responses = app.openapi()["paths"][path][method]["responses"]
        for status in ("401", "403", "404", "409"):
            content = responses.get(status, {}).get("content", {})
            shape = content.get("application/json", {}).get("schema", {})
            assert str(shape.get("$ref", "")).endswith("/Problem"), (
                f"The docs of {method.upper()} {path} say of {status}: "
                f"{responses.get(status)}. Pass GUARDED_BY_ROLE as responses=."
            )


# - The routes of `dispatch.scanners` stand below `/v1`, under the tag `scanners`.
async def test_scanners_have_their_place(
    client: httpx.AsyncClient, app: FastAPI, asking: dict[str, Any]
) -> None:
    """Routes of `dispatch.scanners` stand below `/v1`, and need no account."""
    asking["name"] = "nobody"
    response = await client.post("/v1/probe")
    assert response.status_code != 404, (
        "A route /probe was added to `dispatch.scanners`, and POST /v1/probe is "
        "answered 404. Include that router, too."
    )
    assert response.status_code == 200, (
        "A route /probe was added to `dispatch.scanners`, and POST /v1/probe was "
        f"answered {response.status_code} to a scanner, which has no account. Leave "
        "out the dependencies there."
    )
    tags = app.openapi()["paths"]["/v1/probe"]["post"].get("tags", [])
    assert tags == ["scanners"], f"POST /v1/probe has the tags {tags}."
