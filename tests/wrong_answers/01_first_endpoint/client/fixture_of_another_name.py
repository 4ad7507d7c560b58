#| kata: first_endpoint.client
#| refused_by: test_client_gets_an_answer
# A test that asks for `client` finds nothing of that name.
from collections.abc import AsyncIterator

import httpx
import pytest


@pytest.fixture
async def http_client() -> AsyncIterator[httpx.AsyncClient]:
    """Lend a test a client of its own, and close it afterwards."""
    async with open_client() as opened:
        yield opened
