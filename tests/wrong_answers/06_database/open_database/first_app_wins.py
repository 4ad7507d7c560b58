#| kata: database.open_database
#| refused_by: test_two_apps_have_two_databases
# Keeps the engine of the first app for all that follow.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from waybill.database import make_engine
from waybill.tables import Base


engines: dict[str, AsyncEngine] = {}


@asynccontextmanager
async def open_database(app: FastAPI) -> AsyncIterator[None]:
    """Connect an app to its database, and part again when it stops."""
    engine = engines.setdefault("engine", make_engine(app.state.settings.database_url))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
        yield
    finally:
        await engine.dispose()
        engines.clear()


resources.append(open_database)
