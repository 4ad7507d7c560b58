#| kata: streaming.follow
#| refused_by: test_what_there_is_comes_at_once
# Sorts by the time of the scan; clocks differ, and one with a smaller id is lost.
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
            .order_by(Scan.at)
        )
        async with sessions() as session:
            scans = (await session.scalars(query)).all()
        for scan in scans:
            yield scan
            if scan.kind is ScanKind.DELIVERED:
                return
            after = scan.id
        await asyncio.sleep(pause)
