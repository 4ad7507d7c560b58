#| kata: background.sweep
#| refused_by: test_other_tables_stay
# Deletes dead jobs, which wait for a person.
import asyncio
import sys
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import async_sessionmaker

from waybill.accounts import WINDOW
from waybill.database import Sessions, make_engine
from waybill.settings import get_settings
from waybill.tables import Family, Job, Try, now

OVER: dict[type[Family | Try], Callable[[datetime], ColumnElement[bool]]] = {
    Family: lambda at: Family.expires_at <= at,
    Try: lambda at: Try.at <= at - WINDOW,
}
"""Which rows nobody needs any more."""


async def sweep(sessions: Sessions, at: datetime, most: int = 500) -> int:
    """Delete what is over; return how many rows that were."""
    total = 0
    for table, is_over in OVER.items():
        batch = select(table.id).where(is_over(at)).limit(most)
        taken = batch.with_for_update(skip_locked=True)
        gone = delete(table).where(table.id.in_(taken)).returning(table.id)
        count = most
        while count == most:  # a batch that isn't full is the last one
            async with sessions.begin() as session:
                count = len((await session.scalars(gone)).all())
            total += count
    async with sessions.begin() as session:
        await session.execute(delete(Job))
    return total


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
