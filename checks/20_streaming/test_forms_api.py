"""Checks of streaming.forms_api: forms have URLs, for those who have an account."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, HTTPException

Connect = Callable[..., httpx.AsyncClient]

EMAIL = "lena@example.com"
PATH = "/v1/forms/CN22.pdf"


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    """Waybill, with a form; Lena is asking."""
    from waybill.app import create_app
    from waybill.dependencies import current_account
    from waybill.forms import forms_dir
    from waybill.settings import Settings
    from waybill.tables import Account

    (tmp_path / "CN22.pdf").write_text("Customs declaration", encoding="utf-8")
    app = create_app(Settings(environment="development"))
    app.dependency_overrides[forms_dir] = lambda: tmp_path
    app.dependency_overrides[current_account] = lambda: Account(id=51, email=EMAIL)
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reads a 500 where a server would send one."""
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


# - Forms are found at `/v1/forms/…`.
async def test_forms_have_urls(client: httpx.AsyncClient) -> None:
    """Forms are found below `/v1/forms`."""
    response = await client.get(PATH)
    assert response.status_code == 200, (
        f"Lena sent GET {PATH} and was answered {response.status_code}: "
        f"{response.text[:100]}. Does `api` include the router of `forms`, without a "
        "prefix of its own?"
    )


# - Nobody without an account gets in, and each request leaves one line in the access
async def test_nobody_comes_in_without_an_account(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    """A request without an account is answered 401."""
    from waybill.dependencies import current_account

    def nobody() -> None:
        raise HTTPException(401)

    app.dependency_overrides[current_account] = nobody
    for path in (PATH, "/v1/forms/CN99.pdf"):
        response = await client.get(path)
        assert response.status_code == 401, (
            f"Somebody without an account sent GET {path} and was answered "
            f"{response.status_code} instead of 401. GUARDED holds the guards."
        )


async def test_each_leaves_a_line_in_the_log(
    client: httpx.AsyncClient,
    app: FastAPI,
) -> None:
    """Each request leaves one line in the access log."""
    from waybill.api import access_log
    from waybill.dependencies import CurrentAccount

    lines: list[str] = []

    async def note(account: CurrentAccount) -> None:
        lines.append(account.email)

    app.dependency_overrides[access_log] = note
    await client.get(PATH)
    assert len(lines) == 1, (
        f"Lena sent GET {PATH}, and the access log has {len(lines)} lines of it: "
        f"{lines}. GUARDED holds the log; give it to the router, once."
    )
    assert EMAIL in lines[0], f"Lena ({EMAIL}) asked for {PATH}; the log says {lines}"


# - The docs list them below the tag `streams`, with their 404.
async def test_the_docs_list_the_forms(client: httpx.AsyncClient) -> None:
    """The docs list forms below the tag `streams`, with their 404."""
    paths = (await client.get("/openapi.json")).json()["paths"]
    operation = paths.get("/v1/forms/{name}", {}).get("get")
    assert operation, "The docs don't know /v1/forms/{name}."
    tags = operation.get("tags")
    assert tags == ["streams"], (
        f"The docs list the forms below {tags or 'no tag'}; one tag, `streams`, is "
        "asked for."
    )
    found = operation["responses"].get("404", {}).get("content", {})
    models = [kind.get("schema") for kind in found.values()]
    assert models == [{"$ref": "#/components/schemas/Problem"}], (
        f"The docs describe a 404 of the forms by {models or 'nothing'}. The other "
        "streams describe theirs with NOT_FOUND."
    )
