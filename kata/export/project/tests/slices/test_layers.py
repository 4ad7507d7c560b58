"""What stands around Waybill, and meets every request and every answer."""

import logging
import re

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from waybill.app import create_app
from waybill.request_log import request_id
from waybill.settings import Settings, UnsafeSettingsError

SHOP = "https://shop.example.com"


# needs: settings.create_app middleware.stand_layers
def client_of(app: FastAPI) -> AsyncClient:
    """Return a client that reads a 500 where a server would send one."""
    transport = ASGITransport(app, raise_app_exceptions=False)
    return AsyncClient(transport=transport, base_url="http://waybill")


def made(settings: Settings) -> FastAPI:
    """Return a Waybill that a shop's pages may use, and with a route that crashes."""
    app = create_app(settings.model_copy(update={"allowed_origins": [SHOP]}))

    @app.get("/crash")
    async def crash() -> None:
        raise LookupError("nobody expected this")

    @app.get("/long")
    async def long() -> str:
        return "all the same " * 200

    return app


# needs: settings.create_app middleware.stand_layers middleware.request_id
@pytest.mark.parametrize("given", ["shop-17", "a b", "x" * 65, "a\n", ""])
async def test_an_id_of_a_client_is_taken_if_it_is_harmless(
    settings: Settings, given: str
) -> None:
    async with client_of(made(settings)) as client:
        response = await client.get("/long", headers={"X-Request-ID": given})
    found = response.headers["X-Request-ID"]
    assert (found == given) is (given == "shop-17")
    assert re.fullmatch("[A-Za-z0-9._-]{1,64}", found)
    assert request_id.get() == "-"


# needs: settings.create_app middleware.stand_layers middleware.request_id
# needs: middleware.request_log middleware.write_log
def with_id(record: logging.LogRecord) -> bool:
    """Give a line the id of its request."""
    record.request_id = request_id.get()
    return True


@pytest.mark.parametrize(
    ("path", "status"), [("/long", 200), ("/nowhere", 404), ("/crash", 500)]
)
async def test_each_request_has_one_line_with_its_id(
    settings: Settings, caplog: pytest.LogCaptureFixture, path: str, status: int
) -> None:
    caplog.set_level(logging.INFO, logger="waybill")
    caplog.handler.addFilter(with_id)
    async with client_of(made(settings)) as client:
        sent = {"X-Request-ID": "shop-17"}
        response = await client.get(f"{path}?token=secret", headers=sent)
    assert response.status_code == status
    assert response.headers["X-Request-ID"] == "shop-17"
    (line,) = (one for one in caplog.records if one.name == "waybill.requests")
    assert getattr(line, "request_id", None) == "shop-17"
    text = rf"GET '{path}': {status} in \d+ ms"
    assert getattr(line, "status", 0) == status or re.fullmatch(text, line.getMessage())
    assert "secret" not in repr(vars(line))


# needs: settings.create_app middleware.stand_layers middleware.cors
@pytest.mark.parametrize("path", ["/long", "/nowhere", "/crash"])
async def test_a_page_that_may_reads_every_answer(
    settings: Settings, path: str
) -> None:
    async with client_of(made(settings)) as client:
        for origin, told in ((SHOP, SHOP), ("https://evil.example", None)):
            response = await client.get(path, headers={"Origin": origin})
            assert response.headers.get("Access-Control-Allow-Origin") == told
            assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_a_page_may_send_a_token(settings: Settings, method: str) -> None:
    asked = {"Origin": SHOP, "Access-Control-Request-Method": method}
    asked["Access-Control-Request-Headers"] = "authorization,content-type,if-match"
    async with client_of(made(settings)) as client:
        response = await client.options("/v1/parcels", headers=asked)
    assert (response.status_code, response.text) == (200, "OK")


# needs: settings.create_app middleware.stand_layers middleware.security_headers
async def test_browsers_are_asked_to_be_strict(settings: Settings) -> None:
    policy, hsts = "Content-Security-Policy", "Strict-Transport-Security"
    async with client_of(made(settings)) as client:
        crash = await client.get("https://waybill/crash")
        docs = await client.get("/docs")
        own = await client.get("/long", headers={"Authorization": "Bearer x"})
    assert crash.headers["X-Content-Type-Options"] == "nosniff"
    assert crash.headers[policy].startswith("default-src 'none'")
    assert crash.headers[hsts] == "max-age=31536000"
    assert policy not in docs.headers
    assert hsts not in docs.headers
    assert "Cache-Control" not in docs.headers
    assert own.headers["Cache-Control"] == "no-store"


# needs: settings.create_app middleware.stand_layers middleware.hosts
async def test_only_waybills_names_are_answered(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYBILL_ALLOWED_HOSTS", '["api.example.com"]')
    wanted = {"api.example.com": 200, "127.0.0.1:8000": 200, "evil.example": 400}
    async with client_of(made(settings)) as client:
        found = {
            host: (await client.get("/long", headers={"Host": host})).status_code
            for host in wanted
        }
    assert found == wanted


def test_in_production_any_name_is_no_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYBILL_ALLOWED_HOSTS", '["api.example.com", "*"]')
    with pytest.raises(UnsafeSettingsError, match="WAYBILL_ALLOWED_HOSTS"):
        create_app(settings.model_copy(update={"environment": "production"}))


# needs: settings.create_app middleware.stand_layers middleware.large_body
async def test_a_body_that_is_too_large_is_a_problem(settings: Settings) -> None:
    async with client_of(made(settings)) as client:
        response = await client.post("/long", content=b"x" * 70_000)
    assert response.status_code == 413
    assert response.headers["Content-Type"] == "application/problem+json"


# needs: settings.create_app middleware.stand_layers middleware.compress
async def test_a_private_answer_is_not_compressed(settings: Settings) -> None:
    async with client_of(made(settings)) as client:
        found = [
            (await client.get("/long", headers=headers)).headers.get("Content-Encoding")
            for headers in ({}, {"Authorization": "Bearer x"})
        ]
    assert found == ["gzip", None]
