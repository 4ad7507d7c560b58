#| kata: database.make_engine
#| refused_by: test_nothing_is_opened_yet
# Asks once, on a connection that nobody uses afterwards.
import sqlite3

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


ASYNCPG_LIMITS = {"timeout": 10, "command_timeout": 15}
"""Seconds in which PostgreSQL has to let Waybill in, and to answer."""


def make_engine(url: str) -> AsyncEngine:
    """Make an engine; it connects when it is first used."""
    limits = ASYNCPG_LIMITS if make_url(url).get_driver_name() == "asyncpg" else {}
    with sqlite3.connect(make_url(url).database or ":memory:") as connection:
        connection.execute("PRAGMA foreign_keys = ON")
    return create_async_engine(url, connect_args=limits, hide_parameters=True)
