#| kata: concurrency.try_again
#| refused_by: test_each_app_keeps_its_own
# The first app's `ask` serves all.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from waybill.carriers import ask_again


FIRST = []


@asynccontextmanager
async def try_again(app: FastAPI) -> AsyncIterator[None]:
    """Let an app ask a busy carrier again."""
    FIRST.append(app.state.ask)
    app.state.ask = partial(ask_again, FIRST[0])
    yield


resources.append(try_again)
