"""What the tests of all slices share: a Waybill of their own, and people who use it."""

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from waybill.app import create_app
from waybill.database import Sessions, make_engine
from waybill.dependencies import current_account
from waybill.passwords import get_passwords
from waybill.settings import Settings
from waybill.tables import Account, Base, Role, now
from waybill.tokens import issue_token


# needs: models.parcel_create
@pytest.fixture
def parcel() -> dict[str, Any]:
    """What somebody hands in."""
    return {
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


# needs: settings.settings
@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test in an empty folder, without this machine's variables and `.env`."""
    for name in os.environ:
        if name.startswith("WAYBILL_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings for development, with a database of their own."""
    sqlite = f"sqlite+aiosqlite:///{tmp_path}/waybill.db"
    return Settings(
        environment="development",
        database_url=os.environ.get("TEST_DATABASE_URL", sqlite),
        secret_key=SecretStr("k" * 32),
    )


# needs: passwords.hasher
@pytest.fixture(autouse=True)
def cheap_hashes(apart: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords fast; what a hash costs is no matter of these tests."""
    for name, value in (("ROUNDS", "1"), ("MEMORY_KIB", "64"), ("LANES", "1")):
        monkeypatch.setenv(f"WAYBILL_HASH_{name}", value)
    get_passwords.cache_clear()


# needs: settings.lifespan settings.create_app database.tables database.open_database
@pytest.fixture
async def engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """What connects to a database without any table."""
    engine = make_engine(settings.database_url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    yield engine
    await engine.dispose()


@pytest.fixture
async def app(settings: Settings, engine: AsyncEngine) -> AsyncIterator[FastAPI]:
    """Waybill as it serves, with empty tables."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A client of that Waybill, who has not signed in."""
    transport = ASGITransport(app)
    async with AsyncClient(transport=transport, base_url="http://waybill") as client:
        yield client


@pytest.fixture
async def sessions(app: FastAPI) -> Sessions:
    """What makes sessions with that Waybill's database."""
    sessions: Sessions = app.state.sessions
    return sessions


@pytest.fixture
async def lena(sessions: Sessions) -> Account:
    """A sender."""
    return await opened(sessions, "lena@example.com", Role.SENDER)


@pytest.fixture
async def bob(sessions: Sessions) -> Account:
    """Another sender."""
    return await opened(sessions, "bob@example.com", Role.SENDER)


@pytest.fixture
async def courier(sessions: Sessions) -> Account:
    """Somebody who scans parcels."""
    return await opened(sessions, "courier@example.com", Role.COURIER)


@pytest.fixture
async def dispatcher(sessions: Sessions) -> Account:
    """Somebody who says who carries what."""
    return await opened(sessions, "dispatcher@example.com", Role.DISPATCHER)


async def opened(sessions: Sessions, email: str, role: Role) -> Account:
    """Keep a new account."""
    async with sessions.begin() as session:
        account = Account(email=email, role=role)
        session.add(account)
    return account


# needs: database.open_database dependencies.current_account
@pytest.fixture
def ask_as(app: FastAPI) -> Callable[[Account], None]:
    """Let all requests from now on be somebody's, whatever they show."""

    def ask_as(account: Account) -> None:
        app.dependency_overrides[current_account] = lambda: account

    return ask_as


# needs: jwt.issue_token
@pytest.fixture
def token_of(settings: Settings) -> Callable[[Account], dict[str, str]]:
    """Return the headers of somebody who has signed in."""

    def token_of(account: Account) -> dict[str, str]:
        token = issue_token(account.id, settings.secret_key, now())
        return {"Authorization": f"Bearer {token}"}

    return token_of
