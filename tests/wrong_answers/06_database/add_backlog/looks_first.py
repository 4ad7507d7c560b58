#| kata: database.add_backlog
#| refused_by: test_a_faster_depot_spoils_nothing
# It looks first, and believes what it saw.
import asyncio
from collections.abc import Iterable

from sqlalchemy import select

from waybill.database import Sessions
from waybill.schemas import ScanCreate
from waybill.tables import Parcel, Scan


async def add_backlog(
    sessions: Sessions, backlog: Iterable[tuple[int, ScanCreate]]
) -> list[int]:
    """Keep the scans of a depot that was offline; return those that can't be kept.

    Each scan comes with the id of its parcel, and is kept or refused by itself.
    """
    refused: list[int] = []
    async with sessions.begin() as session:
        for parcel_id, data in backlog:
            values = {"parcel_id": parcel_id, **data.model_dump()}
            key = {name: values[name] for name in ("parcel_id", "depot", "kind", "at")}
            known = await session.scalar(select(Scan.id).filter_by(**key))
            if known or await session.get(Parcel, parcel_id) is None:
                refused.append(parcel_id)
            else:
                session.add(Scan(**values))
                await session.flush()
    return refused
