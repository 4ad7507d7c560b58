"""Which websites may use Waybill from a browser."""

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware


def allow_origins(app: FastAPI) -> None:
    """Let pages of the allowed origins read answers; none is allowed by default.

    No credentials: a token travels in a header that the page sets, never in a cookie.
    """
    app.add_middleware(
        CORSMiddleware,
        allow_origins=app.state.settings.allowed_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Last-Event-ID"],
        expose_headers=["RateLimit", "RateLimit-Policy", "Retry-After"],
    )
