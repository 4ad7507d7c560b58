#| kata: concurrency.try_again
#| refused_by: test_a_busy_carrier_is_asked_again
# Appended, and it does nothing.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from waybill.carriers import ask_again


@asynccontextmanager
async def try_again(app: FastAPI) -> AsyncIterator[None]:
    """Let an app ask a busy carrier again."""
    yield


resources.append(try_again)
