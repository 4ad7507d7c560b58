#| kata: database.make_engine
#| refused_by: test_a_parcel_of_nobody_is_refused
# The driver knows no such option, and the file's name ends in it.
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def make_engine(url: str) -> AsyncEngine:
    """Make an engine; it connects when it is first used."""
    return create_async_engine(f"{url}?foreign_keys=on&journal_mode=wal")
