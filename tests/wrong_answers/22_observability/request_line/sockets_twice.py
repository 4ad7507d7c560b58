#| kata: observability.request_line
#| refused_by: test_a_handshake_leaves_a_line
# Writes a second line when a connection is closed.
import logging
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import clear_contextvars

log = logging.getLogger("waybill.requests")


def template(scope: Scope) -> str | None:
    """Return the route that a request came to, as it was declared; None without one."""
    route = scope.get("route")  # of a router that is included, it lacks the prefix
    found = route and scope.get("fastapi", {}).get("effective_route_context")
    found = getattr(found, "starlette_route", None) or found or route
    return getattr(found, "path", None)


def status_of(message: Message) -> int | None:
    """Return the status in a message, as HTTP has it for a socket's handshake, too."""
    handshake = {"websocket.accept": 101, "websocket.close": 403}
    status: int | None = message.get("status", handshake.get(message["type"]))
    return status


def is_last(message: Message) -> bool:
    """Tell whether an answer, or a handshake, ends with a message."""
    kind = message["type"]
    if kind.endswith("response.body"):
        return not message.get("more_body", False)
    return kind in ("websocket.accept", "websocket.close")


class RequestLogMiddleware:
    """Writes one line for each request and each handshake, whatever became of it."""

    def __init__(
        self, app: ASGIApp, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self.app = app
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and note what became of it as soon as it is answered."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        clear_contextvars()
        began, status, written = self.clock(), 500, False

        def write(*, complete: bool) -> None:
            nonlocal written
            written = True
            fields = {
                "method": scope.get("method", "WEBSOCKET"),
                "route": template(scope),
                "status": status,
                "ms": round((self.clock() - began) * 1000),
                "complete": complete,
            }
            log.info("request", extra=fields)

        async def send_and_note(message: Message) -> None:
            nonlocal status
            await send(message)
            if not written or message["type"] == "websocket.close":
                status = status_of(message) or status
                if is_last(message):
                    write(complete=True)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            if not written:
                write(complete=False)
