#| kata: concurrency.open_carriers
#| refused_by: test_each_app_has_its_own
# Whoever opens first shares its client; whoever closes first takes it away.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import httpx
from fastapi import FastAPI

from waybill.carriers import PATIENCE, ask_carrier


OPEN = []


@asynccontextmanager
async def open_carriers(app: FastAPI) -> AsyncIterator[None]:
    """Keep one client for all that an app asks carriers."""
    timeout = httpx.Timeout(PATIENCE, connect=1, pool=1)
    limits = httpx.Limits(max_connections=20)
    if not OPEN:
        OPEN.append(httpx.AsyncClient(timeout=timeout, limits=limits))
    app.state.ask = partial(ask_carrier, OPEN[0])
    try:
        yield
    finally:
        if OPEN:
            await OPEN.pop().aclose()


resources.append(open_carriers)
