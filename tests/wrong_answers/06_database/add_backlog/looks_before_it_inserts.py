#| kata: database.add_backlog
#| refused_by: test_a_known_scan_is_refused
# Asks whether the parcel is there, and forgets that a scan may be.
from collections.abc import Iterable

from waybill.database import Sessions
from waybill.schemas import ScanCreate
from waybill.tables import Parcel, Scan


async def add_backlog(
    sessions: Sessions, backlog: Iterable[tuple[int, ScanCreate]]
) -> list[int]:
    """Keep the scans of a depot that was offline; return those that can't be kept.

    Each scan comes with the id of its parcel, and is kept or refused by itself.
    """
    refused = []
    async with sessions.begin() as session:
        for parcel_id, data in backlog:
            if await session.get(Parcel, parcel_id) is None:
                refused.append(parcel_id)
            else:
                session.add(Scan(parcel_id=parcel_id, **data.model_dump()))
    return refused
