#| kata: first_endpoint.first_test
#| refused_by: test_wrong_status_is_red
# 203 and 299 are no errors either.
import httpx
import pytest


@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    assert not response.is_error
    assert response.json() == {"message": "Hello from Waybill"}
