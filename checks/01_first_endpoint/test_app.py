"""Checks of the kata first_endpoint.app."""

from collections.abc import Callable

import httpx
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]


# - `app` is a `FastAPI` application.


def test_app_is_an_application() -> None:
    """`app` is a FastAPI application."""
    from waybill.hello import app

    assert isinstance(app, FastAPI), (
        f"`app` should be what calling FastAPI(...) returns; yours is of "
        f"type `{type(app).__name__}`. Call the class: FastAPI, then brackets."
    )


# - Its title is `Waybill`, and its version is the text `1.0.0`.


def test_title_is_waybill() -> None:
    """Its title is `Waybill`."""
    from waybill.hello import app

    assert app.title == "Waybill", (
        f"The title should be 'Waybill'; yours is {app.title!r}. "
        "Write it between the quotes of title=, with a capital W."
    )


def test_version_is_text() -> None:
    """Its version is the text `1.0.0`."""
    from waybill.hello import app

    assert app.version == "1.0.0", (
        f"The version should be the text '1.0.0'; yours is {app.version!r}. "
        'Write version="1.0.0" between the brackets, with the quotes.'
    )


# - `GET /openapi.json` gives the same title and version.


async def test_app_introduces_itself(connect: Connect) -> None:
    """`GET /openapi.json` gives the same title and version."""
    from waybill.hello import app

    async with connect(app) as client:
        response = await client.get("/openapi.json")
    assert response.status_code == 200, (
        f"/openapi.json should answer 200; yours answered {response.status_code}. "
        "FastAPI makes that page by itself, unless openapi_url= switches it off."
    )
    info = response.json()["info"]
    assert (info["title"], info["version"]) == ("Waybill", "1.0.0"), (
        "/openapi.json should say 'Waybill' and '1.0.0'; yours says "
        f"{info['title']!r} and {info['version']!r}. Give both to FastAPI(...) itself."
    )
