#| kata: first_endpoint.first_test
#| refused_by: test_wrong_greeting_is_red
# An entry too many goes unnoticed.
import httpx
import pytest


@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    assert response.status_code == 200
    assert response.json().get("message") == "Hello from Waybill"
