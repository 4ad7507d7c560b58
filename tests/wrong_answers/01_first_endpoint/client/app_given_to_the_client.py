#| kata: first_endpoint.client
#| refused_by: test_client_gets_an_answer
# The widely copied form: httpx 0.28 takes no app.
from collections.abc import AsyncIterator

import httpx
import pytest

from waybill.hello import app


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Open an HTTP client on the app, without a server."""
    async with httpx.AsyncClient(app=app, base_url="http://waybill") as client:
        yield client
