"""Which websites may use Waybill from a browser."""

import pytest
from httpx import ASGITransport, AsyncClient

from waybill.app import create_app
from waybill.settings import Settings

SHOP = "https://shop.example.com"


# needs: waybill/cors.py requests.rate_list requests.api
@pytest.mark.parametrize(
    ("allowed", "told"), [([], None), ([SHOP], SHOP), (["https://other.example"], None)]
)
async def test_only_allowed_origins_may_read_answers(
    allowed: list[str], told: str | None, settings: Settings
) -> None:
    app = create_app(settings.model_copy(update={"allowed_origins": allowed}))
    transport = ASGITransport(app)
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        response = await client.get("/v1/rates", headers={"Origin": SHOP})
    assert response.headers.get("Access-Control-Allow-Origin") == told
    assert "Access-Control-Allow-Credentials" not in response.headers
