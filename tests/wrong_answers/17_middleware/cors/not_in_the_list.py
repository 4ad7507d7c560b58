#| kata: middleware.cors
#| refused_by: test_allowed_pages_may_read
# Never added to the layers.
from collections.abc import Callable

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from waybill.request_log import RequestIdMiddleware, RequestLogMiddleware


def request_ids(_app: FastAPI) -> Middleware:
    """Give each request an id."""
    return Middleware(RequestIdMiddleware)


def request_log(_app: FastAPI) -> Middleware:
    """Write a line for each request."""
    return Middleware(RequestLogMiddleware)


layers: list[Callable[[FastAPI], Middleware]] = [request_ids, request_log]
"""What stands around every Waybill; a request meets the first one first."""


def cors(app: FastAPI) -> Middleware:
    """Let pages of the allowed origins use Waybill from a browser."""
    return Middleware(
        CORSMiddleware,
        allow_origins=app.state.settings.allowed_origins,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "If-Match", "Last-Event-ID", "X-Request-ID"],
        expose_headers=[
            *("ETag", "Link", "RateLimit", "RateLimit-Policy"),
            *("Retry-After", "X-Request-ID"),
        ],
    )
