#| kata: database.add_backlog
#| refused_by: test_a_bad_scan_spoils_no_other
# A session each, and the first refusal ends the whole.
import asyncio
from collections.abc import Iterable

from waybill.database import Sessions
from waybill.schemas import ScanCreate
from waybill.tables import Scan


async def add_backlog(
    sessions: Sessions, backlog: Iterable[tuple[int, ScanCreate]]
) -> list[int]:
    """Keep the scans of a depot that was offline; return those that can't be kept.

    Each scan comes with the id of its parcel, and is kept or refused by itself.
    """

    async def keep(parcel_id: int, data: ScanCreate) -> None:
        async with sessions.begin() as session:
            session.add(Scan(parcel_id=parcel_id, **data.model_dump()))

    await asyncio.gather(*(keep(*row) for row in backlog))
    return []
