#| kata: streaming.parcel_batches
#| refused_by: test_a_batch_is_one_query
# Collects all batches in one session before the first goes out.
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import select

from waybill.database import Sessions
from waybill.tables import Parcel


async def parcel_batches(
    sessions: Sessions, owner_id: int, size: int = 500
) -> AsyncIterator[Sequence[Parcel]]:
    """Yield an owner's parcels by id, in batches; no connection is held meanwhile."""
    after = 0
    batches: list[Sequence[Parcel]] = []
    async with sessions() as session:
        while True:
            query = (
                select(Parcel)
                .where(Parcel.owner_id == owner_id, Parcel.id > after)
                .order_by(Parcel.id)
                .limit(size)
            )
            batch = (await session.scalars(query)).all()
            if not batch:
                break
            batches.append(batch)
            after = batch[-1].id
    for batch in batches:
        yield batch
