#| kata: database.make_engine
#| refused_by: test_nothing_is_opened_yet
# Asks once, on a connection that nobody uses afterwards.
import sqlite3

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def make_engine(url: str) -> AsyncEngine:
    """Make an engine; it connects when it is first used."""
    with sqlite3.connect(make_url(url).database or ":memory:") as connection:
        connection.execute("PRAGMA foreign_keys = ON")
    return create_async_engine(url)
