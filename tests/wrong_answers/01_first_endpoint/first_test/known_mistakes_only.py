#| kata: first_endpoint.first_test
#| refused_by: test_wrong_status_is_red
# It knows the mistakes of the example, and no others.
import httpx
import pytest


@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    assert response.status_code != 201
    assert response.json() == {"message": "Hello from Waybill"}
