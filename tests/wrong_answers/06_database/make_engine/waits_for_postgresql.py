#| kata: database.make_engine
#| refused_by: test_no_wait_for_postgresql_is_endless
# Waits for PostgreSQL for as long as it likes.
from sqlalchemy import event
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
    for setting in SQLITE_SETTINGS:
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def make_engine(url: str) -> AsyncEngine:
    """Make an engine; it connects when it is first used."""
    engine = create_async_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", set_up_sqlite)
    return engine
