#| kata: middleware.request_id
#| refused_by: test_every_answer_tells_it
# What most guides show.
import re
from contextvars import ContextVar
from uuid import uuid4

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

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
        id_ = Headers(scope=scope).get("X-Request-ID", uuid4().hex)
        request_id.set(id_)
        await self.app(scope, receive, send)
