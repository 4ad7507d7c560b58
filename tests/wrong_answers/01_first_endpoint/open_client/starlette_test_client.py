#| kata: first_endpoint.open_client
#| refused_by: test_client_is_open
# It asks the app, but a test can't await it.
from fastapi.testclient import TestClient

from waybill.hello import app


def open_client() -> TestClient:
    """Return a client that asks the app itself, without a server."""
    return TestClient(app)
