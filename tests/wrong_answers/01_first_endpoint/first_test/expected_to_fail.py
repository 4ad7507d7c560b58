#| kata: first_endpoint.first_test
#| refused_by: test_right_app_is_green
# Marked as a failure that is fine: never red.
import httpx
import pytest


@pytest.mark.anyio
@pytest.mark.xfail
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    assert response.status_code == 200
    assert response.json() == {"message": "Hello from Waybill"}
