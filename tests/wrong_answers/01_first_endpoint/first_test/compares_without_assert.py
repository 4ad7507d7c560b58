#| kata: first_endpoint.first_test
#| refused_by: test_wrong_status_is_red
# Two comparisons whose results nobody looks at.
import httpx
import pytest


@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    response.status_code == 200
    response.json() == {"message": "Hello from Waybill"}
