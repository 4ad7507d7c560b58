#| kata: first_endpoint.open_client
#| refused_by: test_an_exception_reaches_the_caller
# The test sees a 500, and not the line that failed.
import httpx

from waybill.hello import app


def open_client() -> httpx.AsyncClient:
    """Return a client that asks the app itself, without a server."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://waybill")
