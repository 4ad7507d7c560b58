#| kata: concurrency.open_carriers
#| refused_by: test_one_client_for_all
# A client for each carrier's name and URL.
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
        clients = {}

        async def ask(carrier, question):
            if carrier not in clients:
                clients[carrier] = httpx.AsyncClient(timeout=timeout, limits=limits)
            return await ask_carrier(clients[carrier], carrier, question)

        app.state.ask = ask
        yield


resources.append(open_carriers)
