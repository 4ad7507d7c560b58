#| kata: observability.probes
#| refused_by: test_live_asks_nobody
# Says it in other words.
import asyncio
from collections.abc import Awaitable, Callable
from secrets import compare_digest

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from waybill.metrics import preparations

PATIENCE = 2.0
"""Seconds in which the database has to answer."""


class WatchSettings(BaseSettings):
    """Who may read the metrics; WAYBILL_METRICS_TOKEN."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    metrics_token: SecretStr | None = None


async def show_metrics(request: Request) -> Response:
    """Show what is counted; without a token to show, only in development."""
    state = request.app.state
    if state.metrics_token is None:
        allowed = state.settings.environment == "development"
    else:
        wanted = f"Bearer {state.metrics_token.get_secret_value()}"
        shown = request.headers.get("Authorization", "")
        allowed = compare_digest(shown.encode(), wanted.encode())
    if not allowed:
        return JSONResponse({"detail": "Not Found"}, 404)
    for prepare in preparations:
        await prepare(request.app)
    text = generate_latest(state.metrics.registry)
    return Response(text, media_type=CONTENT_TYPE_LATEST)


async def live(_request: Request) -> Response:
    """Answer; who can't is to be started anew."""
    return JSONResponse({"alive": True})


async def ready(request: Request) -> Response:
    """Answer 200 while the database does, else 503, so that nobody sends requests."""
    try:
        async with (
            asyncio.timeout(PATIENCE),
            request.app.state.sessions() as session,
        ):
            await session.execute(select(1))
    except (SQLAlchemyError, OSError):  # a TimeoutError is an OSError
        return JSONResponse({"status": "not ready"}, 503)
    return JSONResponse({"status": "ready"})


answers: dict[str, Callable[[Request], Awaitable[Response]]] = {
    "/live": live,
    "/ready": ready,
    "/metrics": show_metrics,
}


class ProbesMiddleware:
    """Answers those who watch over Waybill, before anything else meets them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a probe, or pass on what is none."""
        answer = answers.get(scope["path"]) if scope["type"] == "http" else None
        if answer is None:
            await self.app(scope, receive, send)
        else:
            response = await answer(Request(scope))
            await response(scope, receive, send)


def probes(app: FastAPI) -> Middleware:
    """Answer probes around everything else."""
    app.state.metrics_token = WatchSettings().metrics_token
    return Middleware(ProbesMiddleware)
