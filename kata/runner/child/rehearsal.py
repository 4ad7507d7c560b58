"""Toy checks. The zygote runs them once, so that what they need is imported and in use.

That is all they are for: without the first two, each child would build its first app,
send its first request, make its first tables and start its first event loop from
nothing, and take half as long again. Without the last, the first failure would look for
the files of all modules.
"""

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import String, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Toy(BaseModel):
    """Something to send."""

    name: str


@pytest.fixture
def anyio_backend() -> str:
    """Run the check on asyncio, as the course's checks do."""
    return "asyncio"


@pytest.mark.anyio
async def test_an_app_answers() -> None:
    """An app takes a model and returns it."""
    app = FastAPI()

    @app.post("/toys")
    async def create(toy: Toy) -> Toy:
        return toy

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://toy") as client:
        response = await client.post("/toys", json={"name": "top"})
    assert response.json() == {"name": "top"}


class Base(DeclarativeBase):
    """What knows the tables."""


class Shelf(Base):
    """A table."""

    __tablename__ = "shelves"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), index=True)


@pytest.mark.anyio
async def test_a_database_keeps_a_row() -> None:
    """A row is stored, and found."""
    engine = create_async_engine("sqlite+aiosqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    async with sessions.begin() as session:
        session.add(Shelf(name="toys"))
    async with sessions() as session:
        found = await session.scalars(select(Shelf).where(Shelf.name == "toys"))
        assert len(found.all()) == 1
    await engine.dispose()


def test_a_failure_is_described() -> None:
    """Fail."""
    raise AssertionError
