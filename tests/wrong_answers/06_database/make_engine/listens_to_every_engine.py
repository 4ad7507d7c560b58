#| kata: database.make_engine
#| refused_by: test_other_engines_stay_as_they_are
# The recipe of many guides: the class Engine, so every engine there is.
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


@event.listens_for(Engine, "connect")
def enforce_foreign_keys(connection: DBAPIConnection, _record: object) -> None:
    """Ask SQLite to enforce foreign keys; by default it doesn't."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def make_engine(url: str) -> AsyncEngine:
    """Make an engine; it connects when it is first used."""
    return create_async_engine(url)
