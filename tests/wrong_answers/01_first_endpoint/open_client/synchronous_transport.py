#| kata: first_endpoint.open_client
#| refused_by: test_a_path_is_enough
# WSGI is the older, synchronous agreement.
import httpx

from waybill.hello import app


def open_client() -> httpx.AsyncClient:
    """Return a client that asks the app itself, without a server."""
    transport = httpx.WSGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://waybill")
