#| kata: database.open_database
#| refused_by: test_a_failed_start_leaves_nothing_open
# Whose __aenter__ fails is never asked for its __aexit__.
from contextlib import AsyncExitStack

from fastapi import FastAPI
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import async_sessionmaker

from waybill import database
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


class Database(AsyncExitStack):
    """An app's connection to its database, from start to stop."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__()
        self.app = app

    async def __aenter__(self) -> None:
        """Make the engine, the tables, and what makes sessions."""
        engine = database.make_engine(self.app.state.settings.database_url)
        self.push_async_callback(engine.dispose)
        async with engine.begin() as connection:
            await connection.run_sync(create_tables)
        self.app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)


def open_database(app: FastAPI) -> Database:
    """Connect an app to its database, and part again when it stops."""
    return Database(app)


resources.append(open_database)
