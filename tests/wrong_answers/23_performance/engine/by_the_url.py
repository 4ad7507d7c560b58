#| kata: performance.engine
#| refused_by: test_each_driver_gets_its_limits
# The driver has to stand in the URL.
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from waybill.pool import PoolSettings

SQLITE_SETTINGS = (
    "busy_timeout = 5000",  # milliseconds; first, since WAL needs the file for itself
    "journal_mode = WAL",
    "foreign_keys = ON",
)


def set_up_sqlite(connection: DBAPIConnection, _record: object) -> None:
    """Make a connection to SQLite fit for a service with many users."""
    cursor = connection.cursor()
    for setting in SQLITE_SETTINGS:
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


LIMITS: dict[str, dict[str, object]] = {
    "asyncpg": {
        "timeout": 5,
        "command_timeout": 15,
        "server_settings": {"statement_timeout": "10000", "lock_timeout": "5000"},
    },
    "psycopg": {
        "connect_timeout": 5,
        "options": "-c statement_timeout=10000 -c lock_timeout=5000",
    },
}
"""Seconds to be let in, milliseconds for an answer and for a lock."""


def in_memory(url: URL) -> bool:
    """Tell whether a database lives in the memory of its only connection."""
    is_sqlite = url.get_backend_name() == "sqlite"
    return is_sqlite and url.database in (None, "", ":memory:")


def make_engine(url: str) -> AsyncEngine:
    """Make an engine; it connects when it is first used."""
    address, settings = make_url(url), PoolSettings()
    options: dict[str, Any] = {"pool_pre_ping": True, "hide_parameters": True}
    options["connect_args"] = next(
        (LIMITS[one] for one in LIMITS if f"+{one}" in url), {}
    )
    if not in_memory(address):
        options["pool_size"] = settings.pool_size
        options["max_overflow"] = 0
        options["pool_timeout"] = float(settings.pool_wait)
    engine = create_async_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", set_up_sqlite)
    return engine
