"""Checks of concurrency.api: carriers and quotes have URLs."""

from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]


@pytest.fixture
def app() -> FastAPI:
    """An app with Waybill's API, and no carrier to ask."""
    from waybill.api import api

    app = FastAPI()
    app.include_router(api)
    app.state.ask = None
    return app


# - Carriers are found at `/v1/carriers`, and quotes at `/v1/quotes`.
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/carriers", 200),
        ("/v1/carriers/notice", 200),
        ("/v1/quotes?country=NL&weight_g=1", 502),
        ("/v1/rates/NL", 200),
    ],
)
async def test_they_have_urls(
    connect: Connect, app: FastAPI, path: str, status: int
) -> None:
    """Carriers are found at `/v1/carriers`, and quotes at `/v1/quotes`."""
    async with connect(app) as client:
        response = await client.get(path)
    assert response.status_code == status, (
        f"GET {path} was answered {response.status_code}: {response.text[:100]}; "
        f"{status} was expected. Include each router in `api`, and don't give "
        "`include_router` a prefix: the routers have theirs."
    )


# - The docs list each below a tag of its own, `carriers` and `quotes`.
@pytest.mark.parametrize(
    ("path", "tag"),
    [
        ("/v1/carriers", "carriers"),
        ("/v1/carriers/notice", "carriers"),
        ("/v1/quotes", "quotes"),
        ("/v1/rates/{country}", "rates"),
    ],
)
def test_they_have_tags(app: FastAPI, path: str, tag: str) -> None:
    """The docs list each below a tag of its own."""
    operation = app.openapi()["paths"].get(path, {}).get("get", {})
    tags = operation.get("tags", [])
    assert tags == [tag], (
        f"The docs give GET {path} the tags {tags}; `{tag}` is asked for, once."
    )


# - The docs describe the 502 and the 504 of quotes by `Problem`.
@pytest.mark.parametrize("status", ["502", "504"])
def test_the_docs_tell_of_refusals(app: FastAPI, status: str) -> None:
    """The docs describe the 502 and the 504 of quotes by `Problem`, and no others'."""
    paths = app.openapi()["paths"]
    operation = paths.get("/v1/quotes", {}).get("get", {})
    found = operation.get("responses", {}).get(status, {}).get("content", {})
    models = [kind.get("schema") for kind in found.values()]
    assert models == [{"$ref": "#/components/schemas/Problem"}], (
        f"The docs describe a {status} of quotes by {models or 'nothing'}. In "
        '`responses=` it reads like a 404: its number, and {"model": Problem}.'
    )
    others = [
        path
        for path in ("/v1/carriers", "/v1/rates/{country}")
        if status in paths.get(path, {}).get("get", {}).get("responses", {})
    ]
    assert not others, f"The docs promise a {status} of {others}, which never sends it."
