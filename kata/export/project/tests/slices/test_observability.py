"""What Waybill says of itself: its log, its metrics, and whether it is well."""

import json
import logging

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from waybill.app import create_app
from waybill.request_log import chain, redact
from waybill.settings import Settings


def client_of(app: FastAPI) -> AsyncClient:
    """Return a client that reads a 500 where a server would send one."""
    transport = ASGITransport(app, raise_app_exceptions=False)
    return AsyncClient(transport=transport, base_url="http://waybill")


# needs: observability.log observability.request_line middleware.stand_layers
# needs: settings.create_app database.open_database
async def test_each_request_is_a_line_of_json(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])  # what pytest listens with
    app = create_app(settings)
    async with app.router.lifespan_context(app), client_of(app) as client:
        await client.get("/v1/rates/DE?ticket=sesame", headers={"X-Request-ID": "a-1"})
        await client.get("/nowhere/sesame")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    asked = [line for line in lines if line["logger"] == "waybill.requests"]
    found = [(one["route"], one["status"], one["complete"]) for one in asked]
    assert found == [("/v1/rates/{country}", 200, True), (None, 404, True)]
    assert asked[0]["request_id"] == "a-1"
    assert "sesame" not in repr(lines)


# needs: observability.redact observability.log
def test_no_secret_is_left_in_a_line() -> None:
    sent = {"password": "sesame", "all": ["Bearer sesame", 7], "note": "a@example.com"}
    line = redact(None, "info", {"event": "GET /live?ticket=sesame", "sent": sent})
    assert "sesame" not in repr(line)
    assert "a@example.com" not in repr(line)
    assert "7" in repr(line)
    assert chain[-1] is redact


# needs: observability.measure observability.probes observability.layers
# needs: middleware.stand_layers settings.create_app database.open_database
async def test_requests_are_counted_by_few_labels(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYBILL_METRICS_TOKEN", "sesame")
    app = create_app(settings)
    shown = {"Authorization": "Bearer sesame"}
    async with app.router.lifespan_context(app), client_of(app) as client:
        for number in range(3):
            await client.get("/v1/rates/DE")
            await client.request(f"HACK{number}", f"/nowhere/{number}")
        assert (await client.get("/metrics")).status_code == 404
        text = (await client.get("/metrics", headers=shown)).text
    lines = [line for line in text.splitlines() if line.startswith("waybill_requests_")]
    counted = {line.partition("{")[2]: line.rpartition(" ")[2] for line in lines}
    good = 'method="GET",route="/v1/rates/{country}",status="2xx"} 3.0'
    none = 'method="other",route="none",status="4xx"} 3.0'
    assert {good, none} <= counted.keys()


async def test_probes_are_answered_before_anything_else(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", "1")
    app = create_app(settings)
    async with app.router.lifespan_context(app), client_of(app) as client:
        for path in ("/live", "/ready") * 3:
            assert (await client.get(path)).status_code == 200

        async def connect() -> object:
            raise ConnectionRefusedError("nobody listens")

        engine = create_async_engine("sqlite+aiosqlite://", async_creator=connect)
        there, app.state.sessions = app.state.sessions, async_sessionmaker(engine)
        found = [(await client.get(p)).status_code for p in ("/live", "/ready")]
        app.state.sessions = there
        await engine.dispose()
    assert found == [200, 503]
