#| kata: streaming.parcel_batches
#| refused_by: test_no_more_than_two_batches_are_held
# Keeps the first batch to the end.
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import select

from waybill.database import Sessions
from waybill.tables import Parcel


async def parcel_batches(
    sessions: Sessions, owner_id: int, size: int = 500
) -> AsyncIterator[Sequence[Parcel]]:
    """Yield an owner's parcels by id, in batches; no connection is held meanwhile."""
    last = 0
    first: Sequence[Parcel] = ()
    while True:
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
        first = first or batch
        yield batch
        last = batch[-1].id
