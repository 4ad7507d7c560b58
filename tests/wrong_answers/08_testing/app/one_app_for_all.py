#| kata: testing.app
#| refused_by: test_app_is_not_shared
# An app for the whole run, in a database of one test.
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from waybill.app import create_app
from waybill.settings import Settings

waybill = create_app(Settings(environment="development"))


@pytest.fixture
async def app(database_url: str) -> AsyncIterator[FastAPI]:
    """Lend a test the only Waybill there is."""
    waybill.state.settings = Settings(
        environment="development", database_url=database_url
    )
    async with waybill.router.lifespan_context(waybill):
        yield waybill


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Lend a test a client of that Waybill."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://waybill"
    ) as client:
        yield client
