#| kata: database.make_engine
#| refused_by: test_other_engines_stay_as_they_are
# Only SQLite is asked, but also the engines of others.
from sqlalchemy import Engine, event
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


def make_engine(url: str) -> AsyncEngine:
    """Make an engine; it connects when it is first used."""
    engine = create_async_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(Engine, "connect", set_up_sqlite)
    return engine
