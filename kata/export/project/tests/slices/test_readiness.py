"""Whether Waybill can serve."""

import sqlite3

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine


# needs: waybill/readiness.py
async def test_it_is_ready_while_its_database_answers(client: AsyncClient) -> None:
    assert (await client.get("/ready")).json() == {"status": "ready"}


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(sqlite3.OperationalError("no such folder"), id="the driver's"),
        pytest.param(ConnectionRefusedError("nobody listens"), id="the system's"),
    ],
)
async def test_it_is_not_ready_without_its_database(
    app: FastAPI, client: AsyncClient, refusal: Exception
) -> None:
    # A creator that refuses at once: aiosqlite's own failed connection leaves a thread
    # behind that may outlive this test's event loop.
    async def connect() -> object:
        raise refusal

    engine = create_async_engine("sqlite+aiosqlite://", async_creator=connect)
    app.state.sessions = async_sessionmaker(engine)
    response = await client.get("/ready")
    assert response.status_code == 503
    assert response.json()["detail"] == "The database does not answer."
    await engine.dispose()
