#| kata: concurrency.try_again
#| refused_by: test_each_waybill_opens_it
# Appended twice.
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


resources.extend([try_again, try_again])
