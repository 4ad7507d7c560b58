#| kata: streaming.parcel_batches
#| refused_by: test_rows_may_come_and_go_meanwhile
# Counts rows: one deleted meanwhile, and one is skipped.
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import select

from waybill.database import Sessions
from waybill.tables import Parcel


async def parcel_batches(
    sessions: Sessions, owner_id: int, size: int = 500
) -> AsyncIterator[Sequence[Parcel]]:
    """Yield an owner's parcels by id, in batches; no connection is held meanwhile."""
    offset = 0
    while True:
        query = (
            select(Parcel)
            .where(Parcel.owner_id == owner_id)
            .order_by(Parcel.id)
            .limit(size)
            .offset(offset)
        )
        async with sessions() as session:
            batch = (await session.scalars(query)).all()
        if not batch:
            return
        yield batch
        offset += size
