#| kata: first_endpoint.first_test
#| refused_by: test_a_changed_route_is_red
# Whoever changes the route changes what the test expects.
import httpx
import pytest

from waybill.hello import app


@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    expected = next(r.endpoint for r in app.routes if r.path == "/hello")
    assert response.status_code == 200
    assert response.json() == await expected()
