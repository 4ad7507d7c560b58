"""The front desk."""

from httpx import ASGITransport, AsyncClient

from waybill.hello import app


# needs: waybill/hello.py first_endpoint.app first_endpoint.hello
async def test_the_front_desk_greets() -> None:
    transport = ASGITransport(app)
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        response = await client.get("/hello")
    assert response.json() == {"message": "Hello from Waybill"}
