#| kata: observability.log
#| refused_by: test_every_line_is_written
# Prints objects over many lines, as people like them.
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from fastapi import FastAPI
from structlog.contextvars import merge_contextvars
from structlog.processors import JSONRenderer, TimeStamper, format_exc_info
from structlog.stdlib import (
    ExtraAdder,
    ProcessorFormatter,
    add_log_level,
    add_logger_name,
)
from structlog.typing import EventDict, Processor


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
        JSONRenderer(indent=2),
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
