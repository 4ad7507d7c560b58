#| kata: streaming.parcel_batches
#| refused_by: test_all_come_once_by_id
# Ends after a hundred batches, lest it go on for ever.
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import select

from waybill.database import Sessions
from waybill.tables import Parcel


async def parcel_batches(
    sessions: Sessions, owner_id: int, size: int = 500
) -> AsyncIterator[Sequence[Parcel]]:
    """Yield an owner's parcels by id, in batches; no connection is held meanwhile."""
    last = 0
    for _ in range(100):
        query = (
            select(Parcel)
            .where(Parcel.owner_id == owner_id, Parcel.id > last)
            .order_by(Parcel.id)
            .limit(size)
        )
        async with sessions() as session:
            batch = (await session.scalars(query)).all()
        if not batch:
            return
        last = batch[-1].id
        yield batch
