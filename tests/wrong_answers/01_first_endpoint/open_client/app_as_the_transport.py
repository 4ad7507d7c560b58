#| kata: first_endpoint.open_client
#| refused_by: test_a_path_is_enough
# An app is no transport: it lacks handle_async_request.
import httpx

from waybill.hello import app


def open_client() -> httpx.AsyncClient:
    """Return a client that asks the app itself, without a server."""
    return httpx.AsyncClient(transport=app, base_url="http://waybill")
