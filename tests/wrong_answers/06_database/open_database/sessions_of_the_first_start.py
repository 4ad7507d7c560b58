#| kata: database.open_database
#| refused_by: test_one_app_may_start_twice
# An app that is started again goes on with the engine that was disposed of.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import async_sessionmaker

from waybill.database import make_engine
from waybill.tables import Base

TAKE_TURNS = {
    "postgresql": "SELECT pg_advisory_xact_lock(9292455)",  # any number, the same one
    "sqlite": "BEGIN IMMEDIATE",
}
"""What makes a worker wait until another one's transaction has ended."""


def create_tables(connection: Connection) -> None:
    """Create the tables that are missing; workers that start together take turns."""
    if wait := TAKE_TURNS.get(connection.dialect.name):
        connection.exec_driver_sql(wait)
    Base.metadata.create_all(connection)


@asynccontextmanager
async def open_database(app: FastAPI) -> AsyncIterator[None]:
    """Connect an app to its database, and part again when it stops."""
    engine = make_engine(app.state.settings.database_url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(create_tables)
        if not hasattr(app.state, "sessions"):
            app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
        yield
    finally:
        await engine.dispose()


resources.append(open_database)
