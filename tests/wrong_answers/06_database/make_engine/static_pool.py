#| kata: database.make_engine
#| refused_by: test_each_writer_has_a_transaction
# A pool for tests: everybody shares one connection, and so one transaction.
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import StaticPool
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def _set_up(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA busy_timeout = 30000")
    cursor.close()


ASYNCPG_LIMITS = {"timeout": 10, "command_timeout": 15}
"""Seconds in which PostgreSQL has to let Waybill in, and to answer."""


def make_engine(url: str) -> AsyncEngine:
    """Make an engine; it connects when it is first used."""
    limits = ASYNCPG_LIMITS if make_url(url).get_driver_name() == "asyncpg" else {}
    pool = {"poolclass": StaticPool} if url.startswith("sqlite") else {}
    engine = create_async_engine(url, **pool, connect_args=limits, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _set_up)
    return engine
