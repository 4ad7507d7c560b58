#| kata: streaming.parcel_batches
#| refused_by: test_no_connection_is_held_meanwhile
# Streams the rows, as the docs show: flat, and its connection is lent to the end.
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import select

from waybill.database import Sessions
from waybill.tables import Parcel


async def parcel_batches(
    sessions: Sessions, owner_id: int, size: int = 500
) -> AsyncIterator[Sequence[Parcel]]:
    """Yield an owner's parcels by id, in batches; no connection is held meanwhile."""
    query = select(Parcel).where(Parcel.owner_id == owner_id).order_by(Parcel.id)
    async with sessions() as session:
        found = await session.stream_scalars(query.execution_options(yield_per=size))
        async for batch in found.partitions():
            yield batch
