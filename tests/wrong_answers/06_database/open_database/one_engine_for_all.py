#| kata: database.open_database
#| refused_by: test_an_app_has_its_sessions
# An engine at import, from settings that are not the app's.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import async_sessionmaker

from waybill.database import make_engine
from waybill.settings import get_settings
from waybill.tables import Base


engine = make_engine(get_settings().database_url)


@asynccontextmanager
async def open_database(app: FastAPI) -> AsyncIterator[None]:
    """Connect an app to its database, and part again when it stops."""
    try:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
        yield
    finally:
        await engine.dispose()


resources.append(open_database)
