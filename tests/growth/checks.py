"""What must hold for the grown Waybill."""

from pathlib import Path

import httpx
import pytest

PARCEL = {
    "to": {
        "name": "Lena Vogt",
        "street": "Torstraße 12",
        "city": "Berlin",
        "postcode": "10119",
        "country": "DE",
    },
    "weight_g": 750,
    "value": "19.90",
}


PASSWORD = "a horse, a battery and a staple"


async def test_waybill_grew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new parts work, and the old ones with them."""
    for name, value in (("ROUNDS", "1"), ("MEMORY_KIB", "64"), ("LANES", "1")):
        monkeypatch.setenv(f"WAYBILL_HASH_{name}", value)

    from waybill.app import create_app
    from waybill.settings import Settings

    url = f"sqlite+aiosqlite:///{tmp_path}/waybill.db"
    app = create_app(Settings(environment="development", database_url=url))
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://waybill") as client,
    ):
        assert app.state.queue == []
        lena = {"email": "lena@example.com", "password": PASSWORD}
        response = await client.post("/v1/accounts", json=lena)
        assert response.status_code == 201
        assert response.headers["X-Served-By"] == "waybill"
        form = {"username": "lena@example.com", "password": PASSWORD}
        token = (await client.post("/v1/token", data=form)).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        bob = {"email": "bob@example.com"}
        response = await client.post("/v1/invitations", params=bob)
        assert response.status_code == 201
        response = await client.post("/v1/invitations", params=bob)
        assert response.status_code == 409
        assert (await client.post("/v1/parcels", json=PARCEL)).status_code == 201
        response = await client.get("/v1/parcels")
        assert [parcel["weight_g"] for parcel in response.json()] == [750]
    assert app.state.queue is None
