#| kata: first_endpoint.open_client
#| refused_by: test_every_call_returns_a_new_client
# One client for the whole file: cookies travel from test to test.
import httpx

from waybill.hello import app

SHARED = httpx.AsyncClient(
    transport=httpx.ASGITransport(app=app), base_url="http://waybill"
)


def open_client() -> httpx.AsyncClient:
    """Return a client that asks the app itself, without a server."""
    return SHARED
