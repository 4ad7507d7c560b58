"""Fixtures that every check may use."""

from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[[FastAPI], httpx.AsyncClient]


@pytest.fixture
def anyio_backend() -> str:
    """Run every `async def` check on asyncio, as uvicorn does."""
    return "asyncio"


@pytest.fixture
def connect(record_property: Callable[[str, object], None]) -> Connect:
    """Return a function that opens an HTTP client on an app, without a server.

    What was sent and what came back is recorded, so that a check that fails can
    show it:

        async with connect(app) as client:
            response = await client.get("/hello")
    """

    def client_for(app: FastAPI) -> httpx.AsyncClient:
        async def note_request(request: httpx.Request) -> None:
            exchange: dict[str, str] = {
                "request": f"{request.method} {request.url.raw_path.decode()}",
                "sent": request.content.decode(errors="replace"),
            }
            request.extensions["exchange"] = exchange
            record_property("exchange", exchange)

        async def note_response(response: httpx.Response) -> None:
            await response.aread()
            response.request.extensions["exchange"].update(
                response=f"{response.status_code} {response.reason_phrase}",
                received=response.text,
            )

        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),
            base_url="http://waybill",
            event_hooks={"request": [note_request], "response": [note_response]},
        )

    return client_for
