#| kata: database.add_backlog
#| refused_by: test_a_broken_database_is_not_a_refusal
# Gathers exceptions and looks only at one kind.
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

    async def keep(parcel_id: int, data: ScanCreate) -> None:
        async with sessions.begin() as session:
            session.add(Scan(parcel_id=parcel_id, **data.model_dump()))

    rows = list(backlog)
    outcomes = await asyncio.gather(
        *(keep(parcel_id, data) for parcel_id, data in rows), return_exceptions=True
    )
    return [
        parcel_id
        for (parcel_id, _), outcome in zip(rows, outcomes, strict=True)
        if isinstance(outcome, IntegrityError)
    ]
