#| kata: middleware.security_headers
#| refused_by: test_private_answers_are_not_kept
# no-cache keeps it, and only asks again.
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
            wanted["Cache-Control"] = "no-cache"

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
