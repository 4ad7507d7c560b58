"""Checks of jwt.api: signing in, on the whole Waybill."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Connect = Callable[..., httpx.AsyncClient]


@pytest.fixture(scope="module")
def waybill() -> FastAPI:
    """All of Waybill; it is made once, since that takes its time."""
    from waybill.app import create_app
    from waybill.settings import Settings

    return create_app(
        Settings(
            environment="development",
            secret_key=SecretStr("a key for this app, and no other"),
        )
    )


@pytest.fixture
def app(
    waybill: FastAPI,
    sessions: "async_sessionmaker[AsyncSession]",
    cheap_passwords: type[object],
) -> FastAPI:
    """That app, on a database of its own."""
    from waybill.passwords import app_passwords

    waybill.state.sessions = sessions
    waybill.dependency_overrides[app_passwords] = cheap_passwords
    return waybill


@pytest.fixture
def docs() -> dict[str, Any]:
    """What the docs say, before what the whole app adds to them (lesson 11)."""
    from waybill.api import api

    bare = FastAPI()
    bare.include_router(api)
    return bare.openapi()


def operations(docs: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return those of auth's operations that the docs know, by method and path."""
    from waybill.auth import router

    ends = {str(getattr(route, "path", "")) for route in router.routes}
    return {
        f"{method.upper()} {path}": operation
        for path, methods in docs["paths"].items()
        for method, operation in methods.items()
        if any(path.endswith(end) for end in ends)
    }


# - The routes of `auth` stand directly below `/v1`: clients sign in at `/v1/token`.
async def test_the_routes_stand_below_v1(docs: dict[str, Any]) -> None:
    """The routes of `auth` stand directly below `/v1`."""
    from waybill.auth import router

    found = [*operations(docs)]
    for route in router.routes:
        wanted = f"/v1{getattr(route, 'path', '')}"
        assert wanted in docs["paths"], (
            f"There is no {wanted}. Of auth's routes the docs know "
            f"{', '.join(found) or 'none'}. `api` should include auth's router, and "
            "give it no further prefix."
        )


async def test_the_button_leads_to_a_route(docs: dict[str, Any]) -> None:
    """The Authorize button of the docs sends the form to a route that is there."""
    schemes = docs["components"].get("securitySchemes", {})
    urls = [
        urljoin("/docs", scheme["flows"]["password"]["tokenUrl"])
        for scheme in schemes.values()
        if "password" in scheme.get("flows", {})
    ]
    assert urls, "The docs know no password flow; jwt.current_account brings it."
    for url in urls:
        assert "post" in docs["paths"].get(url, {}), (
            f"The Authorize button sends the form to {url}, and no route takes a POST "
            "there."
        )


async def test_signing_in_opens_the_parcels(
    client: httpx.AsyncClient, noted: dict[str, str]
) -> None:
    """A token from `/v1/token` opens the parcels; without one they are 401."""
    known = {"email": "zoe@example.com", "password": "a long one, and hers"}
    response = await client.post("/v1/accounts", json=known)
    assert response.status_code == 201, (
        f"POST /v1/accounts was answered {response.status_code}: {response.text}"
        f"{noted['crash']}"
    )
    form = {"username": known["email"], "password": known["password"]}
    response = await client.post("/v1/token", data=form)
    assert response.status_code == 200, (
        "Zoë has signed up, and POST /v1/token with her password was answered "
        f"{response.status_code}: {response.text}{noted['crash']}"
    )
    token = {"Authorization": f"Bearer {response.json()['access_token']}"}
    for headers, wanted in ((token, 200), ({}, 401)):
        response = await client.get("/v1/parcels", headers=headers)
        assert response.status_code == wanted, (
            f"GET /v1/parcels {'with her' if headers else 'without a'} token was "
            f"answered {response.status_code} instead of {wanted}: {response.text}"
            f"{noted['crash']}"
        )


# - The docs list them under the tag `auth`.
async def test_they_stand_under_their_tag(docs: dict[str, Any]) -> None:
    """The docs list the routes of `auth` under the tag `auth`."""
    listed = operations(docs)
    assert listed, "The docs know no route of auth. Does `api` include its router?"
    for name, operation in listed.items():
        tags = operation.get("tags", [])
        assert "auth" in tags, (
            f"The docs list {name} under {tags or 'no tag'}; `auth` is asked for."
        )


# - The docs mention their 401, in the shape of `Problem`.
async def test_the_docs_mention_the_401(docs: dict[str, Any]) -> None:
    """The docs of auth's routes mention the 401, in the shape of `Problem`."""
    listed = operations(docs)
    assert listed, "The docs know no route of auth. Does `api` include its router?"
    for name, operation in listed.items():
        answer = operation["responses"].get("401")
        assert answer, (
            f"{name} may answer 401, and its docs know "
            f"{', '.join(operation['responses'])} only. `responses` of include_router "
            "documents it, as NOT_FOUND does for 404."
        )
        shapes = [kind.get("schema") for kind in answer.get("content", {}).values()]
        assert shapes == [{"$ref": "#/components/schemas/Problem"}], (
            f"The docs of {name} describe a 401 as {answer}, and it has the shape of "
            "Problem. In `responses`, the key `model` says so: {401: {'model': …}}."
        )
