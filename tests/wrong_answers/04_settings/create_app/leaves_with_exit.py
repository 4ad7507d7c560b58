#| kata: settings.create_app
#| refused_by: test_unsafe_settings_are_refused
# Ends the process by itself, in every test as well.
from collections.abc import Callable

from fastapi import FastAPI

from waybill import health
from waybill.api import api
from waybill.settings import Settings, UnsafeSettingsError, refuse_unsafe

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
    try:
        refuse_unsafe(settings)
    except UnsafeSettingsError as error:
        raise SystemExit(str(error)) from error
    public = settings.environment != "production"
    app = FastAPI(
        title="Waybill",
        version="1.0.0",
        redirect_slashes=False,
        max_body_size=LARGEST_BODY,
        lifespan=lifespan,
        openapi_url="/openapi.json" if public else None,
    )
    app.state.settings = settings
    for extend in extensions:
        extend(app)
    return app
