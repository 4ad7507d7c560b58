#| kata: database.make_engine
#| refused_by: test_other_engines_stay_as_they_are
# Only SQLite is asked, but also the engines of others.
from sqlalchemy import Engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

SQLITE_SETTINGS = (
    "busy_timeout = 15000",  # milliseconds; first, since WAL needs the file for itself
    "journal_mode = WAL",
    "foreign_keys = ON",
)


def set_up_sqlite(connection: DBAPIConnection, _record: object) -> None:
    """Make a connection to SQLite fit for a service with many users."""
    cursor = connection.cursor()
    if "sqlite" in type(connection).__name__.lower():
        for setting in SQLITE_SETTINGS:
            cursor.execute(f"PRAGMA {setting}")
    cursor.close()


ASYNCPG_LIMITS = {"timeout": 10, "command_timeout": 15}
"""Seconds in which PostgreSQL has to let Waybill in, and to answer."""


def make_engine(url: str) -> AsyncEngine:
    """Make an engine; it connects when it is first used."""
    limits = ASYNCPG_LIMITS if make_url(url).get_driver_name() == "asyncpg" else {}
    engine = create_async_engine(url, connect_args=limits, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(Engine, "connect", set_up_sqlite)
    return engine
