#| kata: concurrency.open_carriers
#| refused_by: test_it_is_closed_with_the_app
# One client for all apps of the process, which nobody closes.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import httpx
from fastapi import FastAPI

from waybill.carriers import PATIENCE, ask_carrier


CLIENT = httpx.AsyncClient(
    timeout=httpx.Timeout(PATIENCE, connect=1, pool=1),
    limits=httpx.Limits(max_connections=20),
)


@asynccontextmanager
async def open_carriers(app: FastAPI) -> AsyncIterator[None]:
    """Keep one client for all that an app asks carriers."""
    app.state.ask = partial(ask_carrier, CLIENT)
    yield


resources.append(open_carriers)
