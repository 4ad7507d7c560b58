#| kata: concurrency.open_carriers
#| refused_by: test_it_asks_as_ask_carrier_does
# Asks by itself, and tells a carrier's error as HTTPX does.
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
    limits = httpx.Limits(max_connections=20)
    async with httpx.AsyncClient(timeout=timeout, limits=limits) as client:
        async def ask(carrier, question):
            reply = await client.get(carrier.url, params=question.model_dump())
            reply.raise_for_status()
            return {"carrier": carrier.name, **reply.json()}

        app.state.ask = ask
        yield


resources.append(open_carriers)
