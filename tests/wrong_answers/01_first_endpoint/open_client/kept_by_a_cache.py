#| kata: first_endpoint.open_client
#| refused_by: test_every_call_returns_a_new_client
# The cache returns the first client for ever.
from functools import cache

import httpx

from waybill.hello import app


@cache
def open_client() -> httpx.AsyncClient:
    """Return a client that asks the app itself, without a server."""
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://waybill")
