#| kata: concurrency.open_carriers
#| refused_by: test_a_proxy_is_used
# Copied from the example: past any proxy, also where a server has to use one.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import httpx
from fastapi import FastAPI

from waybill.carriers import ask_carrier


@asynccontextmanager
async def open_carriers(app: FastAPI) -> AsyncIterator[None]:
    """Keep one client for all that an app asks carriers."""
    async with httpx.AsyncClient(
        trust_env=False,
        limits=httpx.Limits(max_connections=20),
        timeout=httpx.Timeout(5, connect=1, pool=1),
    ) as client:
        app.state.ask = partial(ask_carrier, client)
        yield


resources.append(open_carriers)
