#| kata: middleware.request_id
#| refused_by: test_each_request_gets_a_new_one
# Takes an id that is set already for its own.
import re
from contextvars import ContextVar
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The id of the request that is being answered; outside of one, a dash."""

HARMLESS = re.compile("[A-Za-z0-9._-]{1,64}")
"""What an id may look like that a client has chosen."""


class RequestIdMiddleware:
    """Gives each request an id, and tells it to the client."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set `request_id` for as long as a request is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent = Headers(scope=scope).get("X-Request-ID", "")
        id_ = sent if HARMLESS.fullmatch(sent) else request_id.get().strip("-") or uuid4().hex

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = id_
            await send(message)

        token = request_id.set(id_)
        try:
            await self.app(scope, receive, send_with_id)
        finally:
            request_id.reset(token)
