#| kata: database.make_engine
#| refused_by: test_every_connection_is_asked
# first_connect is told once in the life of a pool.
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def enforce_foreign_keys(connection: DBAPIConnection, _record: object) -> None:
    """Ask SQLite to enforce foreign keys; by default it doesn't."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def make_engine(url: str) -> AsyncEngine:
    """Make an engine; it connects when it is first used."""
    engine = create_async_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "first_connect", enforce_foreign_keys)
    return engine
