"""How Waybill is started, and how it stops."""

import asyncio
import signal

import pytest
import uvicorn
from fastapi import FastAPI
from httpx import AsyncClient

from waybill.draining import drain
from waybill.serve import ServeSettings, options


# needs: deploy.command
def test_a_proxy_is_believed_if_it_is_named() -> None:
    assert options(ServeSettings())["forwarded_allow_ips"] in ([], "")
    told = options(ServeSettings(proxies=["10.0.0.5"], port=9000))
    config = uvicorn.Config("waybill.main:app", **told)
    assert config.port == 9000
    assert config.forwarded_allow_ips in (["10.0.0.5"], "10.0.0.5")


def test_it_is_served_with_bounds() -> None:
    told = options(ServeSettings(grace_seconds=7))
    config = uvicorn.Config("waybill.main:app", **told)
    assert config.limit_concurrency == 1000
    assert config.ws_max_size == 65_536
    assert config.timeout_graceful_shutdown == 7


# needs: deploy.drain deploy.layer deploy.resource settings.create_app
async def test_it_says_that_it_will_stop(
    app: FastAPI, client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: heard.append(number))
    monkeypatch.setenv("WAYBILL_DRAIN_SECONDS", "1")
    try:
        async with drain(app):
            assert (await client.get("/health")).status_code == 200
            signal.raise_signal(signal.SIGTERM)
            await asyncio.sleep(0.01)
            assert app.state.draining
            assert (await client.get("/ready")).status_code == 503
            assert (await client.get("/health")).status_code == 200
            assert heard == []
    finally:
        signal.signal(signal.SIGTERM, before)
