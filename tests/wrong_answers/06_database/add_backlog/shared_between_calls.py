#| kata: database.add_backlog
#| refused_by: test_two_depots_at_once
# One list for all calls: two depots hear of each other's scans.
from collections.abc import Iterable

from sqlalchemy.exc import IntegrityError

from waybill.database import Sessions
from waybill.schemas import ScanCreate
from waybill.tables import Scan


REFUSED: list[int] = []


async def add_backlog(
    sessions: Sessions, backlog: Iterable[tuple[int, ScanCreate]]
) -> list[int]:
    """Keep the scans of a depot that was offline; return those that can't be kept.

    Each scan comes with the id of its parcel, and is kept or refused by itself.
    """
    refused = REFUSED
    refused.clear()
    for parcel_id, data in backlog:
        try:
            async with sessions.begin() as session:
                session.add(Scan(parcel_id=parcel_id, **data.model_dump()))
        except IntegrityError:
            refused.append(parcel_id)
    return refused
