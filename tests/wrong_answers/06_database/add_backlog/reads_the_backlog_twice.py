#| kata: database.add_backlog
#| refused_by: test_a_generator_will_do
# A generator is empty the second time.
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

    kept = await asyncio.gather(*(keep(*row) for row in backlog))
    return [row[0] for row, was_kept in zip(backlog, kept) if not was_kept]
