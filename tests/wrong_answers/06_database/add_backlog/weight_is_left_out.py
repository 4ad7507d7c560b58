#| kata: database.add_backlog
#| refused_by: test_scans_that_differ_are_all_kept
# The fields are named one by one, and the weight is forgotten.
from collections.abc import Iterable

from sqlalchemy.exc import IntegrityError

from waybill.database import Sessions
from waybill.schemas import ScanCreate
from waybill.tables import Scan


async def add_backlog(
    sessions: Sessions, backlog: Iterable[tuple[int, ScanCreate]]
) -> list[int]:
    """Keep the scans of a depot that was offline; return those that can't be kept."""
    refused: list[int] = []
    for parcel_id, data in backlog:
        scan = Scan(parcel_id=parcel_id, depot=data.depot, kind=data.kind, at=data.at)
        try:
            async with sessions.begin() as session:
                session.add(scan)
        except IntegrityError:
            refused.append(parcel_id)
    return refused
