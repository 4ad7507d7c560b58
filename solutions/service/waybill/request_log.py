"""Every request has an id, and a line in the log."""

import logging
import re
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from uuid import uuid4

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import clear_contextvars, merge_contextvars
from structlog.processors import JSONRenderer, TimeStamper, format_exc_info
from structlog.stdlib import (
    ExtraAdder,
    ProcessorFormatter,
    add_log_level,
    add_logger_name,
)
from structlog.typing import EventDict, Processor

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


# kata: observability.log
def note_request(_logger: object, _name: str, line: EventDict) -> EventDict:
    """Give a line the id of its request."""
    line["request_id"] = request_id.get()
    line.pop("color_message", None)  # uvicorn's text once more, for terminals
    return line


chain: list[Processor] = [
    add_logger_name,
    add_log_level,
    TimeStamper(fmt="iso", utc=True),
    ExtraAdder(),
    merge_contextvars,
    note_request,
    format_exc_info,
]
"""What each line of the log passes, in order, before it becomes JSON."""


@contextmanager
def uvicorn_like_others() -> Iterator[None]:
    """Let uvicorn's lines go where all lines go; Waybill itself has one a request."""
    server, access = logging.getLogger("uvicorn"), logging.getLogger("uvicorn.access")
    before = server.handlers, server.propagate, access.handlers
    server.handlers, server.propagate, access.handlers = [], True, []
    try:
        yield
    finally:
        server.handlers, server.propagate, access.handlers = before


@asynccontextmanager
async def write_log(_app: FastAPI) -> AsyncIterator[None]:
    """Write the log to standard output while Waybill serves, unless others do."""
    log, root = logging.getLogger("waybill"), logging.getLogger()
    if log.hasHandlers():  # whoever set them up has chosen what is written, and where
        yield
        return
    handler = logging.StreamHandler(sys.stdout)
    last: list[Processor] = [
        ProcessorFormatter.remove_processors_meta,
        JSONRenderer(),
    ]
    handler.setFormatter(ProcessorFormatter(foreign_pre_chain=chain, processors=last))
    level = log.level
    root.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        with uvicorn_like_others():
            yield
    finally:
        root.removeHandler(handler)
        log.setLevel(level)


# kata: observability.request_line
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
            if not written:
                status = status_of(message) or status
                if is_last(message):
                    write(complete=True)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            if not written:
                write(complete=False)


# kata: observability.redact
HIDDEN = "[hidden]"
SECRET_NAMES = re.compile(
    "(?i)password|secret|token|ticket|authorization|cookie|api.?key|email"
)
"""What the name of a field has in it whose value is secret."""
SECRET_TEXTS = re.compile(
    r"(?i)((?<=bearer )|(?<=ticket=)|(?<=token=)|(?<=password=))[^\s&\"']+"
    r"|(?<=:)[^\s:/@]+(?=@)"  # the password in a URL
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"  # an e-mail address
    r"|wb_[0-9a-f]{16}_[\w-]{43}"  # a depot's key
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]+"  # a JSON Web Token
)
"""What is secret wherever it stands."""


def hide(value: object, name: str = "") -> object:
    """Return a value without its secrets; as a new one, never changed in place."""
    if SECRET_NAMES.search(name):
        return HIDDEN
    if isinstance(value, dict):
        return {key: hide(one, str(key)) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [hide(one) for one in value]
    if value is None or isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else repr(value)
    return SECRET_TEXTS.sub(HIDDEN, text)


def redact(_logger: object, _name: str, line: EventDict) -> EventDict:
    """Take out of a line what nobody should read in it."""
    return {name: hide(value, name) for name, value in line.items()}


chain.append(redact)
