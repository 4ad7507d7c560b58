"""The learner's app, with a docs page that asks no other host for anything.

FastAPI's own page loads Swagger UI from a CDN. Here the page asks this server for it,
and gets what the package `fastapi-swagger` ships. The app itself stays as it is.
"""

import functools
import importlib
import os
from importlib import resources
from typing import TYPE_CHECKING

from fastapi import applications
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import Response

from kata.serving.server import VARIABLE

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

FOLDER = "swagger-ui"
"""Relative to the docs page, so that it holds behind a proxy with a prefix, too."""
ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}


def app() -> "ASGIApp":
    """Return the app that the variable names, with its docs served from here."""
    module, _, name = os.environ[VARIABLE].partition(":")
    return with_own_docs(getattr(importlib.import_module(module), name))


def with_own_docs(inner: "ASGIApp") -> "ASGIApp":
    """Return an app that also serves what its docs page needs."""
    js, css, icon = (f"{FOLDER}/{asset}" for asset in ASSETS)
    # The one place where FastAPI takes the addresses from; no app can set them.
    vars(applications)["get_swagger_ui_html"] = functools.partial(
        get_swagger_ui_html,
        swagger_js_url=js,
        swagger_css_url=css,
        swagger_favicon_url=icon,
    )

    async def served(scope: "Scope", receive: "Receive", send: "Send") -> None:
        folder, _, asset = str(scope.get("path", "")).rpartition("/")
        if scope["type"] == "http" and folder.endswith(f"/{FOLDER}"):
            await _asset(asset)(scope, receive, send)
        else:
            await inner(scope, receive, send)

    return served


def _asset(name: str) -> Response:
    if name not in ASSETS:
        return Response(status_code=404)
    file = resources.files("fastapi_swagger.resources") / name
    return Response(file.read_bytes(), media_type=ASSETS[name])
