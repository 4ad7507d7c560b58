#| kata: database.make_engine
#| refused_by: test_other_engines_stay_as_they_are
# Only SQLite is asked, but also the engines of others.
from sqlalchemy import Engine, event
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
        event.listen(Engine, "connect", enforce_foreign_keys)
    return engine
