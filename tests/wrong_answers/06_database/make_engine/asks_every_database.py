#| kata: database.make_engine
#| refused_by: test_other_databases_are_not_asked
# PostgreSQL answers PRAGMA with a syntax error.
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
    event.listen(engine.sync_engine, "connect", enforce_foreign_keys)
    return engine
