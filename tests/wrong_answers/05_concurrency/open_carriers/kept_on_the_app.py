#| kata: concurrency.open_carriers
#| refused_by: test_each_app_has_its_own
# An app that is started again asks with the client that was closed.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import httpx
from fastapi import FastAPI

from waybill.carriers import ask_carrier


@asynccontextmanager
async def open_carriers(app: FastAPI) -> AsyncIterator[None]:
    """Keep one client for all that an app asks carriers."""
    if not hasattr(app.state, "carriers_client"):
        app.state.carriers_client = httpx.AsyncClient(
            limits=httpx.Limits(max_connections=20),
            timeout=httpx.Timeout(5, connect=1, pool=1),
        )
    client = app.state.carriers_client
    app.state.ask = partial(ask_carrier, client)
    try:
        yield
    finally:
        await client.aclose()


resources.append(open_carriers)
