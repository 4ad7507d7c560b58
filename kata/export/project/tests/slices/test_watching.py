"""What those read who watch over Waybill, and who may not."""

import pytest
from httpx import ASGITransport, AsyncClient

from waybill.app import create_app
from waybill.settings import Settings

SHOWN = {"Authorization": "Bearer what Prometheus shows"}


# needs: observability.metrics observability.door observability.layers
@pytest.mark.parametrize(("headers", "status"), [({}, 401), (SHOWN, 200)])
async def test_metrics_want_the_token(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
    status: int,
) -> None:
    monkeypatch.setenv("WAYBILL_METRICS_TOKEN", "what Prometheus shows")
    transport = ASGITransport(create_app(settings))
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        for number in range(3):
            await client.get(f"/nowhere/{number}")
        response = await client.get("/metrics", headers=headers)
    assert response.status_code == status
    line = 'waybill_requests_total{method="GET",route="none",status="4xx"} 3.0'
    assert (line in response.text) is (status == 200)


# needs: observability.metrics observability.door observability.layers
async def test_without_a_token_there_are_no_metrics(settings: Settings) -> None:
    transport = ASGITransport(create_app(settings))
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        assert (await client.get("/metrics", headers=SHOWN)).status_code == 404
