"""Toy checks. The zygote runs them once, so that what they need is imported and in use.

That is all they are for: without the first, each child would build its first app, send
its first request and start its first event loop from nothing, and take half as long
again. Without the second, the first failure would look for the files of all modules.
"""

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel


class Toy(BaseModel):
    """Something to send."""

    name: str


@pytest.fixture
def anyio_backend() -> str:
    """Run the check on asyncio, as the course's checks do."""
    return "asyncio"


@pytest.mark.anyio
async def test_an_app_answers() -> None:
    """An app takes a model and returns it."""
    app = FastAPI()

    @app.post("/toys")
    async def create(toy: Toy) -> Toy:
        return toy

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://toy") as client:
        response = await client.post("/toys", json={"name": "top"})
    assert response.json() == {"name": "top"}


def test_a_failure_is_described() -> None:
    """Fail."""
    raise AssertionError
