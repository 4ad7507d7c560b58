"""Checks of repository.api: changes have their place, their docs and their log."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from waybill.tables import Parcel

PATHS = {"/v1/parcels/{parcel_id}": "patch", "/v1/parcels/{parcel_id}/changes": "get"}


@pytest.fixture
async def app(
    keep: Callable[..., Awaitable[None]],
    known: dict[str, Any],  # noqa: ARG001  # used for what it does
    parcel: Callable[..., "Parcel"],
    mount: Callable[..., FastAPI],
) -> FastAPI:
    """An app with the whole API, and one parcel of Lena's."""
    from waybill.api import api

    await keep(parcel(7))
    return mount(api)


# - The routes of `operations` stand directly below `/v1`, with the tag `parcels`.
async def test_they_stand_below_v1(client: httpx.AsyncClient) -> None:
    """The routes of `operations` stand directly below `/v1`."""
    response = await client.get("/v1/parcels/7/changes")
    assert response.status_code == 200, (
        f"GET /v1/parcels/7/changes was answered {response.status_code}: "
        f"{response.text}. Is `operations.router` included, without a prefix?"
    )


async def test_they_are_among_the_parcels(app: FastAPI) -> None:
    """The docs list them under the tag `parcels`, once."""
    for path, method in PATHS.items():
        operation = app.openapi()["paths"].get(path, {}).get(method)
        assert operation, f"The docs lack {method.upper()} {path}."
        tags = operation.get("tags", [])
        assert tags == ["parcels"], f"{method.upper()} {path} has the tags {tags}."


# - The docs name the refusals of `REFUSALS`.
async def test_the_docs_name_the_refusals(app: FastAPI) -> None:
    """The docs name 404, 409, 412 and 428, each in the shape of `Problem`."""
    responses = app.openapi()["paths"]["/v1/parcels/{parcel_id}"]["patch"]["responses"]
    for status in ("404", "409", "412", "428"):
        content = responses.get(status, {}).get("content", {})
        shape = content.get("application/json", {}).get("schema", {}).get("$ref", "")
        assert shape.endswith("/Problem"), (
            f"The docs of PATCH /v1/parcels/{{parcel_id}} say of {status}: "
            f"{responses.get(status)}. Pass REFUSALS as responses=."
        )


# - Each request leaves its line in the log.
async def test_each_request_leaves_its_line(
    client: httpx.AsyncClient,
    app: FastAPI,
    access_lines: Callable[[FastAPI], Callable[[], list[str]]],
) -> None:
    """Each request leaves one line in the log."""
    lines = access_lines(app)
    for method, path in (("GET", "/v1/parcels/7/changes"), ("PATCH", "/v1/parcels/7")):
        await client.request(method, path, json={"weight_g": 9})
        said = lines()
        assert len(said) == 1, (
            f"{method} {path} left these lines in the log: {said}. Give the router the "
            "dependency `access_log`, as the parcels have it."
        )
