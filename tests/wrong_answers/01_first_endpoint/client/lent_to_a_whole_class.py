#| kata: first_endpoint.client
#| refused_by: test_client_is_not_shared
# Outside a class, this scope is that of a function.
from collections.abc import AsyncIterator

import httpx
import pytest


@pytest.fixture(scope="class")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Lend a test a client of its own, and close it afterwards."""
    async with open_client() as client:
        yield client
