#| kata: first_endpoint.first_test
#| refused_by: test_a_crashed_app_is_red
# After a crash the body is no JSON, and reading it raises.
import httpx
import pytest


@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    body = response.json()
    assert response.status_code == 200
    assert body == {"message": "Hello from Waybill"}
