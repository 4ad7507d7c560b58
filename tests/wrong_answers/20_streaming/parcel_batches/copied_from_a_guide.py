#| kata: streaming.parcel_batches
#| refused_by: test_a_batch_is_one_query
# Loads everything, then hands it out.
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
        batch = (await session.scalars(query)).all()
    yield batch
