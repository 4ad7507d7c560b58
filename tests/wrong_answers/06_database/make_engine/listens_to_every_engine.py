#| kata: database.make_engine
#| refused_by: test_other_engines_stay_as_they_are
# The recipe of many guides: the class Engine, so every engine there is.
from sqlalchemy import Engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


@event.listens_for(Engine, "connect")
def set_up_sqlite(connection: DBAPIConnection, _record: object) -> None:
    """Make a connection to SQLite fit for a service with many users."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 15000")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


ASYNCPG_LIMITS = {"timeout": 10, "command_timeout": 15}
"""Seconds in which PostgreSQL has to let Waybill in, and to answer."""


def make_engine(url: str) -> AsyncEngine:
    """Make an engine; it connects when it is first used."""
    limits = ASYNCPG_LIMITS if make_url(url).get_driver_name() == "asyncpg" else {}
    return create_async_engine(url, connect_args=limits, hide_parameters=True)
