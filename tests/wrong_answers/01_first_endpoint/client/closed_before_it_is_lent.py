#| kata: first_endpoint.client
#| refused_by: test_client_gets_an_answer
# Closed it is, and it was never open: no test could send a request with it.
from collections.abc import AsyncIterator

import httpx
import pytest


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Lend a test a client of its own, and close it afterwards."""
    opened = open_client()
    await opened.aclose()
    yield opened
