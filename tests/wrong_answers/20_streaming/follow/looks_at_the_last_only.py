#| kata: streaming.follow
#| refused_by: test_a_delivery_is_the_end
# Looks only at the last of the scans, and sends what stands behind a delivery.
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
            scans = (await session.scalars(query)).all()
        for scan in scans:
            yield scan
            after = scan.id
        if scans and scans[-1].kind is ScanKind.DELIVERED:
            return
        await asyncio.sleep(pause)
