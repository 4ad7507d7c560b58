#| kata: database.open_database
#| refused_by: test_a_failed_start_leaves_nothing_open
# PostgreSQL that isn't there is an OSError, and the app must not start without it.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

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
        with suppress(OSError):
            async with engine.begin() as connection:
                await connection.run_sync(create_tables)
        app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
        yield
    finally:
        await engine.dispose()


resources.append(open_database)
