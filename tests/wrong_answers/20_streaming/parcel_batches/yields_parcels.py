#| kata: streaming.parcel_batches
#| refused_by: test_all_come_once_by_id
# Yields one parcel after the other instead of batches.
from collections.abc import AsyncIterator

from sqlalchemy import select

from waybill.database import Sessions
from waybill.tables import Parcel


async def parcel_batches(
    sessions: Sessions, owner_id: int, size: int = 500
) -> AsyncIterator[Parcel]:
    """Yield an owner's parcels by id, in batches; no connection is held meanwhile."""
    after = 0
    while True:
        query = (
            select(Parcel)
            .where(Parcel.owner_id == owner_id, Parcel.id > after)
            .order_by(Parcel.id)
            .limit(size)
        )
        async with sessions() as session:
            batch = (await session.scalars(query)).all()
        if not batch:
            return
        for parcel in batch:
            yield parcel
        after = batch[-1].id
