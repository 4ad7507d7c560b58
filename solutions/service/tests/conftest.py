"""What tests share: a database, an app that has started, and carriers."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine

from waybill.app import create_app
from waybill.carriers import CarrierSettings, ask_carrier, carrier_settings
from waybill.quotes import app_ask
from waybill.settings import Settings
from waybill.tables import Base


# kata: testing.database
def make_database(file: Path) -> None:
    """Make an SQLite file with all of Waybill's tables."""
    engine = create_engine(f"sqlite:///{file}")
    Base.metadata.create_all(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database without rows, made once in a run; it is only copied."""
    file = tmp_path_factory.mktemp("template") / "waybill.db"
    make_database(file)
    return file


@pytest.fixture
def database_url(template: Path, tmp_path: Path) -> str:
    """Return the URL of a database of the test's own."""
    file = shutil.copy(template, tmp_path / "waybill.db")
    return f"sqlite+aiosqlite:///{file}"


# kata: testing.app
@pytest.fixture
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


# kata: testing.carriers
CARRIERS = CarrierSettings.model_validate(
    {
        "carriers": {
            "Lowland Freight": "http://lowland.example/quote",
            "Night Mail": "http://night.example/quote",
        }
    }
)


@dataclass
class Carriers:
    """What carriers reply, by host, and what they were asked."""

    replies: dict[str, httpx.Response | Exception] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request as the carrier with its host."""
        self.asked.append(request)
        reply = self.replies.get(request.url.host, httpx.ConnectError("Nobody there."))
        if isinstance(reply, Exception):
            raise reply
        body = httpx.ByteStream(reply.content)
        return httpx.Response(reply.status_code, stream=body)


@pytest.fixture
async def carriers(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Carriers]:
    """Lend a test carriers that reply what it wants."""
    carriers = Carriers()
    overrides = app.dependency_overrides
    monkeypatch.setitem(overrides, carrier_settings, lambda: CARRIERS)
    transport = httpx.MockTransport(carriers.answer)
    async with httpx.AsyncClient(transport=transport) as client:
        ask = partial(ask_carrier, client)
        monkeypatch.setitem(overrides, app_ask, lambda: ask)
        yield carriers
