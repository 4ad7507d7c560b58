#| kata: first_endpoint.open_client
#| refused_by: test_client_is_open
# A Client waits for nothing, and an ASGI app has to be awaited.
import httpx


def open_client() -> httpx.Client:
    """Return a client that asks the app itself, without a server."""
    return httpx.Client(base_url="http://waybill")
