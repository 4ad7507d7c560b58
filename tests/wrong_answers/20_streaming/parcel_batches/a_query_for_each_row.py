#| kata: streaming.parcel_batches
#| refused_by: test_a_batch_is_one_query
# Asks for the ids, then for each parcel.
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import select

from waybill.database import Sessions
from waybill.tables import Parcel


async def parcel_batches(
    sessions: Sessions, owner_id: int, size: int = 500
) -> AsyncIterator[Sequence[Parcel]]:
    """Yield an owner's parcels by id, in batches; no connection is held meanwhile."""
    query = select(Parcel.id).where(Parcel.owner_id == owner_id).order_by(Parcel.id)
    async with sessions() as session:
        ids = (await session.scalars(query)).all()
    for start in range(0, len(ids), size):
        batch = []
        async with sessions() as session:
            for number in ids[start : start + size]:
                if parcel := await session.get(Parcel, number):
                    batch.append(parcel)
        yield batch
