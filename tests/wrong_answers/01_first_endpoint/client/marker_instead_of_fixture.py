#| kata: first_endpoint.client
#| refused_by: test_client_gets_an_answer
# The mark of a test makes no fixture.
from collections.abc import AsyncIterator

import httpx
import pytest


@pytest.mark.anyio
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Lend a test a client of its own, and close it afterwards."""
    async with open_client() as opened:
        yield opened
