#| kata: first_endpoint.client
#| refused_by: test_client_gets_an_answer
# The block is over when the test begins.
from collections.abc import AsyncIterator

import httpx
import pytest


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Lend a test a client of its own, and close it afterwards."""
    async with open_client() as opened:
        pass
    yield opened
