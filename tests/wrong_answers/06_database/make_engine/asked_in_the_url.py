#| kata: database.make_engine
#| refused_by: test_a_parcel_of_nobody_is_refused
# The driver knows no such option, and the file's name ends in it.
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


ASYNCPG_LIMITS = {"timeout": 10, "command_timeout": 15}
"""Seconds in which PostgreSQL has to let Waybill in, and to answer."""


def make_engine(url: str) -> AsyncEngine:
    """Make an engine; it connects when it is first used."""
    limits = ASYNCPG_LIMITS if make_url(url).get_driver_name() == "asyncpg" else {}
    wanted = f"{url}?foreign_keys=on&journal_mode=wal"
    return create_async_engine(wanted, connect_args=limits, hide_parameters=True)
