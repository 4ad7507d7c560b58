#| kata: database.open_database
#| refused_by: test_a_failed_start_leaves_nothing_open
# Whose __aenter__ fails is never asked for its __aexit__.
from contextlib import AsyncExitStack

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import async_sessionmaker

from waybill import database, tables


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
            await connection.run_sync(tables.Base.metadata.create_all)
        self.app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)


def open_database(app: FastAPI) -> Database:
    """Connect an app to its database, and part again when it stops."""
    return Database(app)


resources.append(open_database)
