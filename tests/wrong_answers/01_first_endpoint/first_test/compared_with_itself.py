#| kata: first_endpoint.first_test
#| refused_by: test_wrong_status_is_red
# A response is always equal to itself.
import httpx
import pytest


@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    assert response.status_code == response.status_code
    assert response.json() == response.json()
