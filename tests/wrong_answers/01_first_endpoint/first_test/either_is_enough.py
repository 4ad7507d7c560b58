#| kata: first_endpoint.first_test
#| refused_by: test_wrong_status_is_red
# `or` lets one of the two mistakes pass.
import httpx
import pytest


@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    assert response.status_code == 200 or response.json() == {
        "message": "Hello from Waybill"
    }
