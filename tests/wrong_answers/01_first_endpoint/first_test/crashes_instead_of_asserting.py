#| kata: first_endpoint.first_test
#| refused_by: test_wrong_status_is_red
# It notices, by an error of another kind.
import httpx
import pytest


@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    if response.status_code != 200:
        raise ValueError("wrong status")
    if response.json() != {"message": "Hello from Waybill"}:
        raise ValueError("wrong greeting")
