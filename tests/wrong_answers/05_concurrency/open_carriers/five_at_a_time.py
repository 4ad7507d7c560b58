#| kata: concurrency.open_carriers
#| refused_by: test_connections_have_a_limit
# Five connections for everybody.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import httpx
from fastapi import FastAPI

from waybill.carriers import PATIENCE, ask_carrier


@asynccontextmanager
async def open_carriers(app: FastAPI) -> AsyncIterator[None]:
    """Keep one client for all that an app asks carriers."""
    timeout = httpx.Timeout(PATIENCE, connect=1, pool=1)
    limits = httpx.Limits(max_connections=5)
    async with httpx.AsyncClient(timeout=timeout, limits=limits) as client:
        app.state.ask = partial(ask_carrier, client)
        yield


resources.append(open_carriers)
