#| kata: first_endpoint.open_client
#| refused_by: test_a_path_is_enough
# No app at all: it asks whoever serves port 9.
import httpx


def open_client() -> httpx.AsyncClient:
    """Return a client that asks the app itself, without a server."""
    return httpx.AsyncClient(base_url="http://127.0.0.1:9")
