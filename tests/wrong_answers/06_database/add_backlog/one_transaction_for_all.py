#| kata: database.add_backlog
#| refused_by: test_a_bad_scan_spoils_no_other
# A loop, but one transaction: the first bad scan ends it.
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
    rows = list(backlog)
    try:
        async with sessions.begin() as session:
            for parcel_id, data in rows:
                session.add(Scan(parcel_id=parcel_id, **data.model_dump()))
    except IntegrityError:
        return [parcel_id for parcel_id, _ in rows]
    return []
