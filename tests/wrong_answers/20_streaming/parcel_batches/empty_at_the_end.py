#| kata: streaming.parcel_batches
#| refused_by: test_a_batch_is_one_query
# Hands out the empty batch that it ends with.
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import select

from waybill.database import Sessions
from waybill.tables import Parcel


async def parcel_batches(
    sessions: Sessions, owner_id: int, size: int = 500
) -> AsyncIterator[Sequence[Parcel]]:
    """Yield an owner's parcels by id, in batches; no connection is held meanwhile."""
    batch: Sequence[Parcel] | None = None
    mine = select(Parcel).where(Parcel.owner_id == owner_id)
    while batch is None or batch:
        after = batch[-1].id if batch else 0
        query = mine.where(Parcel.id > after).order_by(Parcel.id).limit(size)
        async with sessions() as session:
            batch = (await session.scalars(query)).all()
        yield batch
