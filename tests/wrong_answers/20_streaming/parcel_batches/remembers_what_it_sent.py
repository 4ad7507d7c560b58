#| kata: streaming.parcel_batches
#| refused_by: test_no_more_than_two_batches_are_held
# Keeps every batch, to know what it has sent.
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import select

from waybill.database import Sessions
from waybill.tables import Parcel


async def parcel_batches(
    sessions: Sessions, owner_id: int, size: int = 500
) -> AsyncIterator[Sequence[Parcel]]:
    """Yield an owner's parcels by id, in batches; no connection is held meanwhile."""
    after = 0
    sent: list[Parcel] = []
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
        yield batch
        sent += batch
        after = sent[-1].id
