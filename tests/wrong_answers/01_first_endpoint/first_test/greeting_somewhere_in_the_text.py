#| kata: first_endpoint.first_test
#| refused_by: test_wrong_greeting_is_red
# The greeting may stand under any key, or in a longer text.
import httpx
import pytest


@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    assert response.status_code == 200
    assert "Hello from Waybill" in response.text
