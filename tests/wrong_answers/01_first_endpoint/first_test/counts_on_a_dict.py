#| kata: first_endpoint.first_test
#| refused_by: test_wrong_greeting_is_red
# A body that is a list makes the test crash, instead of disagree.
import httpx
import pytest


@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    assert response.status_code == 200
    body = response.json()
    assert body.get("message") == "Hello from Waybill"
    assert len(body) == 1
