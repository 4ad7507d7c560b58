"""What stands around Waybill, and meets every request and every answer."""

from collections.abc import Callable

from fastapi import FastAPI
from pydantic_settings import BaseSettings, SettingsConfigDict
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from waybill.door import door
from waybill.metrics import count_requests
from waybill.problems import problem
from waybill.request_log import RequestIdMiddleware, RequestLogMiddleware
from waybill.settings import UnsafeSettingsError


# kata: middleware.cors
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


layers.append(cors)


# kata: middleware.security_headers
POLICY = "default-src 'none'; frame-ancestors 'none'"
"""An answer that is opened as a page may load nothing, and stand in no frame."""


class SecurityHeadersMiddleware:
    """Asks browsers to be strict, unless a route has its own wish."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with headers that the answer lacks."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wanted = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
        app = scope["app"]
        if scope["path"] not in (app.docs_url, app.redoc_url):  # they load scripts
            wanted["Content-Security-Policy"] = POLICY
        if scope["scheme"] == "https":
            wanted["Strict-Transport-Security"] = "max-age=31536000"
        if "Authorization" in Headers(scope=scope):
            wanted["Cache-Control"] = "no-store"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def security_headers(_app: FastAPI) -> Middleware:
    """Ask browsers to be strict."""
    return Middleware(SecurityHeadersMiddleware)


layers.append(security_headers)


# kata: middleware.hosts
class HostSettings(BaseSettings):
    """The names that Waybill answers to; WAYBILL_ALLOWED_HOSTS."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    allowed_hosts: list[str] = []


def hosts(app: FastAPI) -> Middleware:
    """Refuse requests for names that aren't Waybill's, if its names are set."""
    names = HostSettings().allowed_hosts
    if "*" in names and app.state.settings.environment == "production":
        raise UnsafeSettingsError("WAYBILL_ALLOWED_HOSTS may not hold *")
    allowed = [*names, "localhost", "127.0.0.1"] if names else ["*"]
    return Middleware(TrustedHostMiddleware, allowed_hosts=allowed, www_redirect=False)


layers.append(hosts)


# kata: middleware.large_body
class LargeBodyMiddleware:
    """Refuses a body that is too large before anybody reads it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is announced to be too large, or pass it on."""
        if scope["type"] == "http":
            limit = scope["app"].max_body_size
            length = Headers(scope=scope).get("Content-Length", "")
            if limit is not None and length.isdecimal() and int(length) > limit:
                refusal = problem(413, f"A body may have {limit} bytes.")
                await refusal(scope, receive, send)
                return
        await self.app(scope, receive, send)


def large_bodies(_app: FastAPI) -> Middleware:
    """Refuse what is announced to be too large."""
    return Middleware(LargeBodyMiddleware)


layers.append(large_bodies)


# kata: middleware.compress
class CompressMiddleware:
    """Makes long answers shorter, where their length tells nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.smaller = GZipMiddleware(app, minimum_size=1000)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Compress the answer, or let it be."""
        public = (
            scope["type"] == "http"
            and scope["method"] == "GET"
            and "Authorization" not in Headers(scope=scope)
        )
        await (self.smaller if public else self.app)(scope, receive, send)


def compress(_app: FastAPI) -> Middleware:
    """Make long answers shorter."""
    return Middleware(CompressMiddleware)


layers.append(compress)


# kata: observability.layers
layers.insert(0, count_requests)
layers.insert(0, door)
