#| kata: concurrency.try_again
#| refused_by: test_a_busy_carrier_is_asked_again
# Calls it, and keeps what came of the call.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from waybill.carriers import ask_again


@asynccontextmanager
async def try_again(app: FastAPI) -> AsyncIterator[None]:
    """Let an app ask a busy carrier again."""
    app.state.ask = ask_again(app.state.ask, None, None)
    yield


resources.append(try_again)
