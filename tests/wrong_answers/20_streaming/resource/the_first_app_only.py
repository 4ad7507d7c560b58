#| kata: streaming.resource
#| refused_by: test_every_waybill_opens_it
# Only the first app notices.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from waybill.stopping import notice_stop

opened: list[FastAPI] = []


@asynccontextmanager
async def once(app: FastAPI) -> AsyncIterator[None]:
    """Notice for the first app."""
    opened.append(app)
    if len(opened) > 1:
        yield
        return
    async with notice_stop(app):
        yield


resources.append(once)
