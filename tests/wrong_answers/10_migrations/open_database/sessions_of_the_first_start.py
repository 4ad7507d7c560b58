#| kata: migrations.open_database
#| refused_by: test_one_app_may_start_twice
# An app that is started again goes on with the engine that was disposed of.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import async_sessionmaker

from waybill.database import make_engine
from waybill.migrate import alone, is_newest, upgrade
from waybill.tables import Base


class OldTablesError(RuntimeError):
    """The tables are not what this Waybill needs."""


def prepare(connection: Connection) -> None:
    """Bring a developer's tables up to date."""
    with alone(connection):
        upgrade(connection)
        Base.metadata.create_all(connection)


@asynccontextmanager
async def open_database(app: FastAPI) -> AsyncIterator[None]:
    """Connect an app to its database, and part again when it stops."""
    engine = make_engine(app.state.settings.database_url)
    try:
        async with engine.connect() as connection:
            if app.state.settings.environment == "development":
                await connection.run_sync(prepare)
            elif not await connection.run_sync(is_newest):
                raise OldTablesError("Run python -m waybill.migrate first.")
        if not hasattr(app.state, "sessions"):
            app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
        yield
    finally:
        await engine.dispose()


resources.append(open_database)
