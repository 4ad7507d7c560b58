"""What must hold for the grown Waybill."""

from pathlib import Path

import httpx

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


async def test_waybill_grew(tmp_path: Path) -> None:
    """The new parts work, and the old ones with them."""
    from waybill.app import create_app
    from waybill.settings import Settings

    url = f"sqlite+aiosqlite:///{tmp_path}/waybill.db"
    app = create_app(Settings(database_url=url))
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://waybill") as client,
    ):
        assert app.state.queue == []
        lena = {"email": "lena@example.com"}
        response = await client.post("/v1/members", params=lena)
        assert response.status_code == 201
        assert response.headers["X-Served-By"] == "waybill"
        ticket = {"X-Ticket": response.json()["ticket"]}
        response = await client.post("/v1/members", params=lena)
        assert response.status_code == 409
        assert (await client.get("/v1/parcels")).status_code == 401
        response = await client.post("/v1/parcels", json=PARCEL, headers=ticket)
        assert response.status_code == 201
        response = await client.get("/v1/parcels", headers=ticket)
        assert [parcel["weight_g"] for parcel in response.json()] == [750]
    assert app.state.queue is None
