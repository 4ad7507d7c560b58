#| kata: streaming.follow
#| refused_by: test_no_connection_is_lent_with_a_scan
# One session for the whole journey, and a connection with it.
import asyncio
from collections.abc import AsyncIterator

from sqlalchemy import select

from waybill.database import Sessions
from waybill.schemas import ScanKind
from waybill.tables import Scan


async def follow(
    sessions: Sessions, parcel_id: int, after: int = 0, pause: float = 1
) -> AsyncIterator[Scan]:
    """Yield a parcel's scans after this one, then those to come, until delivery."""
    async with sessions() as session:
        while True:
            query = (
                select(Scan)
                .where(Scan.parcel_id == parcel_id, Scan.id > after)
                .order_by(Scan.id)
            )
            for scan in (await session.scalars(query)).all():
                yield scan
                if scan.kind is ScanKind.DELIVERED:
                    return
                after = scan.id
            await asyncio.sleep(pause)
