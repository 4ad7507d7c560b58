#| kata: first_endpoint.first_test
#| refused_by: test_wrong_status_is_red
# The except clause hides what the assert found.
import httpx
import pytest


@pytest.mark.anyio
async def test_hello_greets(client: httpx.AsyncClient) -> None:
    """GET /hello answers 200 and the greeting."""
    response = await client.get("/hello")
    try:
        assert response.status_code == 200
        assert response.json() == {"message": "Hello from Waybill"}
    except AssertionError:
        print("not the greeting")
