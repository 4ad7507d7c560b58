"""Checks of errors.extend: every Waybill answers with problems."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]
Read = Callable[..., dict[str, Any]]


def make() -> FastAPI:
    """Make a Waybill; no check of this kata needs its database."""
    from waybill.app import create_app
    from waybill.settings import Settings

    return create_app(Settings(environment="development"))


# - What was in `extensions` stays there.
async def test_routes_stay(connect: Connect) -> None:
    """What was in `extensions` stays: the routes are there."""
    async with connect(make(), raise_app_exceptions=False) as client:
        for path in ("/health", "/v1/rates/DE"):
            response = await client.get(path)
            assert response.status_code == 200, (
                f"GET {path} was answered {response.status_code}. Append to "
                "`extensions`; what stands in it adds the routes."
            )


# - Every app that `create_app` makes answers errors with problems.
async def test_every_waybill_answers_with_problems(
    connect: Connect, read: Read
) -> None:
    """Unknown paths, refusals, stale versions and crashes are all problems."""
    from waybill.store import StaleError

    for _ in range(2):
        app = make()

        @app.get("/stale")
        async def stale() -> None:
            raise StaleError

        @app.get("/crash")
        async def crash() -> None:
            raise LookupError("nobody expected this")

        async with connect(app, raise_app_exceptions=False) as client:
            response = await client.get("/v1/nowhere")
            assert response.headers["Content-Type"] != "application/json", (
                f"GET /v1/nowhere was answered {response.text}, as FastAPI does by "
                "itself. Is `answer_problems` in `extensions`, and green what it calls?"
            )
            for method, path, status in (
                ("GET", "/v1/nowhere", 404),
                ("GET", "/v1/rates/XX", 404),
                ("POST", "/v1/rates/price", 422),
                ("PATCH", "/v1/rates/DE", 405),
                ("GET", "/stale", 412),
                ("GET", "/crash", 500),
            ):
                response = await client.request(method, path)
                body = read(response, status, f"{method} {path}")
                if status == 500:
                    assert "instance" in body, f"A crash was answered {body}."


# - Every app that `create_app` makes answers errors with problems.
def test_each_app_is_taught_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """`create_app` lets `answer_problems` teach each app, once."""
    from waybill import problems

    seen: list[FastAPI] = []
    monkeypatch.setattr(problems, "answers", [seen.append])
    first, second = make(), make()
    assert seen == [first, second], (
        f"Two apps were made, and `answer_problems` was called {len(seen)} times. "
        "Append the function to `extensions`, without calling it."
    )
