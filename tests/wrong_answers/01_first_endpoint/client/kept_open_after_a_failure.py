#| kata: first_endpoint.client
#| refused_by: test_client_is_closed
# After a failure the client stays open, so that somebody can look at it.
from collections.abc import AsyncIterator

import httpx
import pytest


@pytest.fixture
async def client(
    request: pytest.FixtureRequest,
) -> AsyncIterator[httpx.AsyncClient]:
    """Lend a test a client of its own, and close it afterwards."""
    opened = open_client()
    failed = request.session.testsfailed
    yield opened
    if request.session.testsfailed == failed:
        await opened.aclose()
