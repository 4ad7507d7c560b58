#| kata: testing.app
#| refused_by: test_app_has_started
# An app for each file of tests, in a database of one test.
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from waybill.app import create_app
from waybill.settings import Settings


@pytest.fixture(scope="module")
async def app(database_url: str) -> AsyncIterator[FastAPI]:
    """Lend a test a Waybill that has started, with a database of its own."""
    app = create_app(Settings(environment="development", database_url=database_url))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Lend a test a client of that Waybill."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://waybill"
    ) as client:
        yield client
