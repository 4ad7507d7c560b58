#| kata: first_endpoint.open_client
#| refused_by: test_client_is_open
# The widely copied form: httpx 0.28 takes no app.
import httpx

from waybill.hello import app


def open_client() -> httpx.AsyncClient:
    """Return a client that asks the app itself, without a server."""
    return httpx.AsyncClient(app=app, base_url="http://waybill")
