#| kata: database.add_backlog
#| refused_by: test_a_long_backlog_waits_for_no_connection
# Each scan asks for a connection at once; in a long backlog some wait in vain.
import asyncio
from collections.abc import Iterable

from sqlalchemy.exc import IntegrityError

from waybill.database import Sessions
from waybill.schemas import ScanCreate
from waybill.tables import Scan


async def add_backlog(
    sessions: Sessions, backlog: Iterable[tuple[int, ScanCreate]]
) -> list[int]:
    """Keep the scans of a depot that was offline; return those that can't be kept.

    Each scan comes with the id of its parcel, and is kept or refused by itself.
    """
    async def keep(parcel_id: int, data: ScanCreate) -> bool:
        try:
            async with sessions.begin() as session:
                session.add(Scan(parcel_id=parcel_id, **data.model_dump()))
        except IntegrityError:
            return False
        return True

    rows = list(backlog)
    kept = await asyncio.gather(*(keep(*row) for row in rows))
    return [row[0] for row, well in zip(rows, kept, strict=True) if not well]
