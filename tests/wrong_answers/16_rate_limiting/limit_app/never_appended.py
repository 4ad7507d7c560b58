#| kata: rate_limiting.limit_app
#| refused_by: test_every_answer_is_limited
# Written, and never added to the extensions.
from fastapi import FastAPI, status
from pydantic import PositiveFloat, PositiveInt
from pydantic_settings import BaseSettings, SettingsConfigDict

from waybill.api import Problem
from waybill.limits import FixedWindow, Limit, LimitMiddleware, TokenBucket


class LimitSettings(BaseSettings):
    """How often one caller may ask; variables such as WAYBILL_LIMIT_REQUESTS."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    limit_requests: PositiveInt = 100
    limit_seconds: PositiveFloat = 60
    sign_in_requests: PositiveInt = 10
    sign_in_seconds: PositiveFloat = 300


def limit_requests(app: FastAPI) -> None:
    """Stand a limit around an app, whatever its routes are."""
    settings = LimitSettings()
    limit = Limit(settings.limit_requests, settings.limit_seconds)
    sign_in_limit = Limit(settings.sign_in_requests, settings.sign_in_seconds)
    app.state.limiter = TokenBucket(limit)
    app.state.attempts = FixedWindow(sign_in_limit)
    app.add_middleware(LimitMiddleware)


def document_limit(app: FastAPI) -> None:
    """Let the docs of all routes that come later mention the 429."""
    app.router.responses[status.HTTP_429_TOO_MANY_REQUESTS] = {"model": Problem}


extensions.insert(0, document_limit)  # before the routes
