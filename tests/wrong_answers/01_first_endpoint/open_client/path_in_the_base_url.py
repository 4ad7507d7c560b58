#| kata: first_endpoint.open_client
#| refused_by: test_a_path_is_enough
# The path of the base is put in front of every other path.
import httpx

from waybill.hello import app


def open_client() -> httpx.AsyncClient:
    """Return a client that asks the app itself, without a server."""
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://waybill/hello")
