#| kata: first_endpoint.first_test
#| refused_by: test_right_app_is_green
# Spaces in the JSON change the text, but not the greeting.
import httpx
import pytest


@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    assert response.status_code == 200
    assert response.text == '{"message":"Hello from Waybill"}'
