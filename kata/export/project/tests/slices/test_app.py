"""The factory: what every Waybill has, and what production does without."""

import logging

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr

from waybill.app import create_app
from waybill.settings import Settings, UnsafeSettingsError


# needs: settings.settings settings.health settings.create_app
def client_of(app: FastAPI) -> AsyncClient:
    """Return a client of an app that has not started."""
    return AsyncClient(transport=ASGITransport(app), base_url="http://waybill")


async def test_it_says_that_it_is_alive(settings: Settings) -> None:
    async with client_of(create_app(settings)) as client:
        response = await client.get("/health")
        head = await client.head("/health")
        slash = await client.get("/health/", headers={"Host": "evil.example"})
    assert response.json() == {"status": "ok", "environment": "development"}
    assert head.status_code == 200
    assert slash.status_code == 404  # a redirect would lead to that host


async def test_production_shows_no_docs(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("ROUNDS", "2"), ("MEMORY_KIB", "19456")):
        monkeypatch.setenv(f"WAYBILL_HASH_{name}", value)  # the least for production
    production = Settings(environment="production", secret_key=SecretStr("k" * 32))
    for one, status in ((settings, 200), (production, 404)):
        async with client_of(create_app(one)) as client:
            for path in ("/openapi.json", "/docs", "/redoc"):
                assert (await client.get(path)).status_code == status


# needs: settings.settings settings.refuse_unsafe settings.create_app
def test_unsafe_settings_make_no_app() -> None:
    with pytest.raises(UnsafeSettingsError):
        create_app(Settings(environment="production"))


# needs: settings.create_app requests.api requests.price
async def test_a_body_over_the_limit_is_refused(settings: Settings) -> None:
    async with client_of(create_app(settings)) as client:
        large = b"[" + b" " * 1_100_000 + b"]"
        response = await client.post("/v1/rates/price", content=large)
    assert response.status_code == 413


# needs: dependencies.write_log database.open_database
async def test_the_log_is_written_while_it_serves(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = logging.getLogger("waybill")
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])  # what pytest listens with
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        log.info("a parcel arrived")
    log.info("nobody hears this")
    written = "".join(capsys.readouterr())
    (line,) = (line for line in written.splitlines() if "a parcel arrived" in line)
    assert "INFO" in line.upper()
    assert "nobody hears this" not in written
