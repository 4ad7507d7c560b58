#| kata: streaming.parcel_batches
#| refused_by: test_a_batch_is_one_query
# All ids are kept in memory, and the parcels come by them.
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import select

from waybill.database import Sessions
from waybill.tables import Parcel


async def parcel_batches(
    sessions: Sessions, owner_id: int, size: int = 500
) -> AsyncIterator[Sequence[Parcel]]:
    """Yield an owner's parcels by id, in batches; no connection is held meanwhile."""
    async with sessions() as session:
        query = select(Parcel.id).where(Parcel.owner_id == owner_id)
        ids = (await session.scalars(query.order_by(Parcel.id))).all()
    for start in range(0, len(ids), size):
        some = ids[start : start + size]
        async with sessions() as session:
            found = await session.scalars(
                select(Parcel).where(Parcel.id.in_(some)).order_by(Parcel.id)
            )
            batch = found.all()
        yield batch
