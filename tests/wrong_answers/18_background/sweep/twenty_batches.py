#| kata: background.sweep
#| refused_by: test_small_transactions
# Ends after twenty batches of a table, lest it go on for ever.
import asyncio
import sys
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import async_sessionmaker

from waybill.accounts import WINDOW
from waybill.database import Sessions, make_engine
from waybill.settings import get_settings
from waybill.tables import Family, Try, now

OVER: dict[type[Family | Try], Callable[[datetime], ColumnElement[bool]]] = {
    Family: lambda at: Family.expires_at <= at,
    Try: lambda at: Try.at <= at - WINDOW,
}
"""Which rows nobody needs any more."""


async def sweep(sessions: Sessions, at: datetime, most: int = 500) -> int:
    """Delete what is over; return how many rows that were."""
    gone = 0
    for table, is_over in OVER.items():
        batch = most
        batches = 0
        while batch == most and batches < 20:
            batches += 1
            over = select(table.id).where(is_over(at)).limit(most)
            free = over.with_for_update(skip_locked=True)
            deleting = delete(table).where(table.id.in_(free)).returning(table.id)
            async with sessions.begin() as session:
                batch = len((await session.scalars(deleting)).all())
            gone += batch
    return gone


async def main(url: str) -> int:
    """Sweep a database; return how many rows are gone."""
    engine = make_engine(url)
    try:
        return await sweep(async_sessionmaker(engine), now())
    finally:
        await engine.dispose()


if __name__ == "__main__":  # python -m waybill.sweep
    gone = asyncio.run(main(get_settings().database_url))
    sys.stdout.write(f"{gone} rows are gone.\n")
