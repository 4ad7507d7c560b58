#| kata: concurrency.open_carriers
#| refused_by: test_one_client_for_all
# A client for each question.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from waybill.carriers import Carrier, Question, Quote, ask_carrier


async def ask_anew(carrier: Carrier, question: Question) -> Quote:
    """Ask a carrier, with a client that is made for it."""
    async with httpx.AsyncClient(follow_redirects=True) as client:
        return await ask_carrier(client, carrier, question)


@asynccontextmanager
async def open_carriers(app: FastAPI) -> AsyncIterator[None]:
    """Keep one client for all that an app asks carriers."""
    app.state.ask = ask_anew
    yield


resources.append(open_carriers)
