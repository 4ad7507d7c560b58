#| kata: first_endpoint.first_test
#| refused_by: test_wrong_greeting_is_red
# After the comma stands what a failure says, not what is compared.
import httpx
import pytest


@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    assert response.status_code == 200, response.json() == {
        "message": "Hello from Waybill"
    }
