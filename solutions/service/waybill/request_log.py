"""Every request has an id, and a line in the log."""

import logging
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from uuid import uuid4

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# kata: middleware.request_id
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
        given = Headers(scope=scope).get("X-Request-ID", "")
        id_ = given if HARMLESS.fullmatch(given) else uuid4().hex

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = id_
            await send(message)

        token = request_id.set(id_)
        try:
            await self.app(scope, receive, send_with_id)
        finally:
            request_id.reset(token)


# kata: middleware.write_log
class RequestIdFilter(logging.Filter):
    """Gives each line of a log the id of its request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Note the id; no line is left out."""
        record.request_id = request_id.get()
        return True


@asynccontextmanager
async def write_log(_app: FastAPI) -> AsyncIterator[None]:
    """Write Waybill's log to the terminal while it serves, unless others do."""
    log = logging.getLogger("waybill")
    if log.hasHandlers():  # whoever set them up has chosen what is written, and where
        yield
        return
    handler = logging.StreamHandler()
    layout = "%(asctime)s %(levelname)s %(request_id)s %(message)s"
    handler.setFormatter(logging.Formatter(layout))
    handler.addFilter(RequestIdFilter())
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)


# kata: middleware.request_log
log = logging.getLogger("waybill.requests")


class RequestLogMiddleware:
    """Writes one line for each request, whatever became of it."""

    def __init__(
        self, app: ASGIApp, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self.app = app
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, then note its status and how long it took."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = self.clock()
        status = 500
        ended: float | None = None

        async def send_and_note(message: Message) -> None:
            nonlocal status, ended
            await send(message)
            if message["type"] == "http.response.start":
                status = message["status"]
            elif not message.get("more_body", False):
                ended = self.clock()

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            how = "broken off after" if ended is None else "in"
            took = (self.clock() if ended is None else ended) - began
            asked = scope["method"], scope["path"]
            log.info("%s %r: %s %s %.0f ms", *asked, status, how, took * 1000)
