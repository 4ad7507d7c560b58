"""Whether Waybill can serve."""

from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import async_sessionmaker

from waybill.database import app_sessions, make_engine


# needs: waybill/readiness.py
async def test_it_is_ready_while_its_database_answers(client: AsyncClient) -> None:
    assert (await client.get("/ready")).json() == {"status": "ready"}


async def test_it_is_not_ready_without_its_database(
    app: FastAPI, client: AsyncClient
) -> None:
    engine = make_engine("sqlite+aiosqlite:////no/such/folder/waybill.db")
    app.dependency_overrides[app_sessions] = lambda: async_sessionmaker(engine)
    response = await client.get("/ready")
    assert response.status_code == 503
    assert response.json() == {"detail": "The database does not answer."}
    await engine.dispose()
