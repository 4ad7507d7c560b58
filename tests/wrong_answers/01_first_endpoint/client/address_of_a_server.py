#| kata: first_endpoint.client
#| refused_by: test_client_gets_an_answer
# No app at all: it asks whoever serves port 9.
from collections.abc import AsyncIterator

import httpx
import pytest


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Open an HTTP client on the app, without a server."""
    async with httpx.AsyncClient(base_url="http://127.0.0.1:9") as client:
        yield client
