#| kata: observability.log
#| refused_by: test_every_line_is_written
# A guide's: no handler, so nothing at INFO is ever written.
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog
from fastapi import FastAPI
from structlog.processors import JSONRenderer, TimeStamper
from structlog.stdlib import LoggerFactory, add_log_level
from structlog.typing import EventDict, Processor


def note_request(_logger: object, _name: str, line: EventDict) -> EventDict:
    """Give a line the id of its request."""
    line.pop("color_message", None)  # uvicorn's text once more, for terminals
    return line


chain: list[Processor] = [add_log_level, TimeStamper(fmt="%H:%M:%S")]
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
    structlog.configure(
        processors=[*chain, JSONRenderer()], logger_factory=LoggerFactory()
    )
    yield
