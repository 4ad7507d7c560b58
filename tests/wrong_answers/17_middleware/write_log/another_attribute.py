#| kata: middleware.write_log
#| refused_by: test_the_filter_notes_it
# Notes the id by another name.
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI


class RequestIdFilter(logging.Filter):
    """Gives each line of a log the id of its request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Note the id; no line is left out."""
        record.rid = request_id.get()
        return True


@asynccontextmanager
async def write_log(_app: FastAPI) -> AsyncIterator[None]:
    """Write Waybill's log to the terminal while it serves, unless others do."""
    log = logging.getLogger("waybill")
    if log.hasHandlers():  # whoever set them up has chosen what is written, and where
        yield
        return
    handler = logging.StreamHandler()
    layout = "%(asctime)s %(levelname)s %(rid)s %(message)s"
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
