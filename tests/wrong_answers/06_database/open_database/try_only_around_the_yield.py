#| kata: database.open_database
#| refused_by: test_a_failed_start_leaves_nothing_open
# create_all connects before the try begins, and may fail.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import async_sessionmaker

from waybill.database import make_engine
from waybill.tables import Base


@asynccontextmanager
async def open_database(app: FastAPI) -> AsyncIterator[None]:
    """Connect an app to its database, and part again when it stops."""
    engine = make_engine(app.state.settings.database_url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
    try:
        yield
    finally:
        await engine.dispose()


resources.append(open_database)
