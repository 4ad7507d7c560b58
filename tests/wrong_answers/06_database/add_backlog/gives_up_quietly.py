#| kata: database.add_backlog
#| refused_by: test_a_failure_in_the_middle_is_raised
# An error is raised only if every scan has one.
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
    rows = list(backlog)
    gate = asyncio.Semaphore(4)

    async def keep(parcel_id: int, data: ScanCreate) -> None:
        async with gate, sessions.begin() as session:
            session.add(Scan(parcel_id=parcel_id, **data.model_dump()))

    outcomes = await asyncio.gather(
        *(keep(*row) for row in rows), return_exceptions=True
    )
    if outcomes and all(isinstance(each, Exception) for each in outcomes):
        raise next(each for each in outcomes if isinstance(each, Exception))
    return [
        parcel_id
        for (parcel_id, _), outcome in zip(rows, outcomes, strict=True)
        if isinstance(outcome, IntegrityError)
    ]
