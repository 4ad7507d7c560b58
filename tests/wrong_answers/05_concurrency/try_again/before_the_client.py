#| kata: concurrency.try_again
#| refused_by: test_each_waybill_opens_it
# Comes first, and `open_carriers` sets `ask` anew.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from waybill.carriers import ask_again


@asynccontextmanager
async def try_again(app: FastAPI) -> AsyncIterator[None]:
    """Let an app ask a busy carrier again."""
    app.state.ask = partial(ask_again, app.state.ask)
    yield


resources.insert(0, try_again)
