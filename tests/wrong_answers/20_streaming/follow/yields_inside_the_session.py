#| kata: streaming.follow
#| refused_by: test_no_connection_is_lent_with_a_scan
# Holds the connection until the client has read.
import asyncio
from collections.abc import AsyncIterator

from sqlalchemy import select

from waybill.database import Sessions
from waybill.schemas import ScanKind
from waybill.tables import Scan


async def follow(
    sessions: Sessions, parcel_id: int, after: int = 0, pause: float = 1
) -> AsyncIterator[Scan]:
    """Yield a parcel's scans after this one, then those to come, until delivery.

    Looks for new ones every `pause` seconds, and holds no connection meanwhile.
    """
    while True:
        query = (
            select(Scan)
            .where(Scan.parcel_id == parcel_id, Scan.id > after)
            .order_by(Scan.id)
        )
        async with sessions() as session:
            for scan in (await session.scalars(query)).all():
                yield scan
                if scan.kind is ScanKind.DELIVERED:
                    return
                after = scan.id
        await asyncio.sleep(pause)
