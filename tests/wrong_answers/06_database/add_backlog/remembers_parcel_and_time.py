#| kata: database.add_backlog
#| refused_by: test_scans_that_differ_are_all_kept
# Two kinds of scan of one parcel at one moment count as the same scan.
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
    refused: list[int] = []
    seen: set[tuple[int, object]] = set()
    for parcel_id, data in backlog:
        if (parcel_id, data.at) in seen:
            refused.append(parcel_id)
            continue
        seen.add((parcel_id, data.at))
        try:
            async with sessions.begin() as session:
                session.add(Scan(parcel_id=parcel_id, **data.model_dump()))
        except IntegrityError:
            refused.append(parcel_id)
    return refused
