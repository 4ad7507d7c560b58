#| kata: database.add_backlog
#| refused_by: test_good_scans_are_kept
# The same mistake with execute: one connection, asked for twice at once.
import asyncio
from collections.abc import Iterable

from sqlalchemy import insert
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
    async with sessions() as session:
        outcomes = await asyncio.gather(
            *(
                session.execute(
                    insert(Scan).values(parcel_id=parcel_id, **data.model_dump())
                )
                for parcel_id, data in rows
            ),
            return_exceptions=True,
        )
        await session.commit()
    return [
        parcel_id
        for (parcel_id, _), outcome in zip(rows, outcomes, strict=True)
        if isinstance(outcome, IntegrityError)
    ]
