#| kata: first_endpoint.client
#| refused_by: test_client_is_not_shared
# A wider scope: all tests of the file share one client.
from collections.abc import AsyncIterator

import httpx
import pytest


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Lend a test a client of its own, and close it afterwards."""
    async with open_client() as opened:
        yield opened
