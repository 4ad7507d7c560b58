#| kata: settings.create_app
#| refused_by: test_no_redirect_leads_elsewhere
# Starlette's default: one slash too many leads to the host that a request names.
from collections.abc import Callable

from fastapi import FastAPI

from waybill import health
from waybill.api import api
from waybill.settings import Settings, refuse_unsafe

LARGEST_BODY = 65_536
"""Bytes that the body of a request may have."""


def add_routes(app: FastAPI) -> None:
    """Give an app all of Waybill's routes."""
    app.include_router(health.router)
    app.include_router(api)


extensions: list[Callable[[FastAPI], None]] = [add_routes]
"""What every Waybill gets, in order."""


def create_app(settings: Settings) -> FastAPI:
    """Make a Waybill for these settings; unsafe ones are refused."""
    refuse_unsafe(settings)
    app = FastAPI(
        title="Waybill",
        version="1.0.0",
        lifespan=lifespan,
        openapi_url="/openapi.json" if settings.environment == "development" else None,
        max_body_size=LARGEST_BODY,
    )
    app.state.settings = settings
    for extend in extensions:
        extend(app)
    return app
