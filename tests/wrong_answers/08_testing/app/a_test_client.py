#| kata: testing.app
#| refused_by: test_client_asks_this_app
# A TestClient, which nobody can await.
from collections.abc import AsyncIterator, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from waybill.app import create_app
from waybill.settings import Settings


@pytest.fixture
async def app(database_url: str) -> AsyncIterator[FastAPI]:
    """Lend a test a Waybill that has started."""
    app = create_app(Settings(environment="development", database_url=database_url))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """Lend a test a client of that Waybill."""
    with TestClient(app) as client:
        yield client
