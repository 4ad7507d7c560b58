#| kata: first_endpoint.open_client
#| refused_by: test_a_path_is_enough
# A path alone is no address for httpx.
import httpx

from waybill.hello import app


def open_client() -> httpx.AsyncClient:
    """Return a client that asks the app itself, without a server."""
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport)
