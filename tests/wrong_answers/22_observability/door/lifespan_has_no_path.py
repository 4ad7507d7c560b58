#| kata: observability.door
#| refused_by: test_all_others_go_to_the_app
# Reads a path that not every scope has.
import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import (
    APIRouter,
    Depends,
    FastAPI,
    HTTPException,
    Request,
    Response,
    status,
)
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from starlette.datastructures import State
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from waybill import health, readiness

WATCHED = ("/health", "/ready", "/metrics")
"""What those ask for who watch over Waybill."""
Shown = Annotated[
    HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))
]


class MetricsSettings(BaseSettings):
    """Who may read the metrics; WAYBILL_METRICS_TOKEN."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    metrics_token: Annotated[SecretStr, Field(min_length=16)] | None = None


def refuse_strangers(wanted: SecretStr | None, shown: str) -> None:
    """Let nobody pass who doesn't show the token; without one, there is no door."""
    if wanted is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND)
    if not secrets.compare_digest(shown.encode(), wanted.get_secret_value().encode()):
        raise HTTPException(
            status.HTTP_401_UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"}
        )


router = APIRouter()
refreshers: list[Callable[[State], Awaitable[None]]] = []
"""What is counted anew whenever somebody reads the metrics, in order."""


@router.get("/metrics")
async def read_metrics(request: Request, shown: Shown) -> Response:
    """Return what this process has counted, for Prometheus."""
    token = shown.credentials if shown else ""
    refuse_strangers(request.app.state.metrics_token, token)
    for refresh in refreshers:
        await refresh(request.app.state)
    page = generate_latest(request.app.state.metrics.registry)
    return Response(page, media_type=CONTENT_TYPE_LATEST)


class DoorMiddleware:
    """Sends those who watch over Waybill to a desk of their own."""

    def __init__(self, app: ASGIApp, desk: ASGIApp) -> None:
        self.app = app
        self.desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the desk answer, or pass a request on."""
        watched = scope["path"] in WATCHED and scope["type"] == "http"
        await (self.desk if watched else self.app)(scope, receive, send)


def door(app: FastAPI) -> Middleware:
    """Give an app a desk for those who watch over it: a small app, with its state."""
    desk = FastAPI(openapi_url=None, redirect_slashes=False)
    app.state.readiness = readiness.Readiness()
    app.state.metrics_token = MetricsSettings().metrics_token
    desk.state = app.state
    for one in (health.router, readiness.router, router):
        desk.include_router(one)
    return Middleware(DoorMiddleware, desk)
