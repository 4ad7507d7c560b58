#| kata: streaming.follow
#| refused_by: test_what_turns_up_late_comes
# Remembers the newest id only: what turns up late, with a lower one, never comes.
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from sqlalchemy import Select, select

from waybill.database import Sessions
from waybill.schemas import ScanKind
from waybill.tables import Scan

GoOn = Callable[[], Awaitable[bool]]
LOOK_BACK = 1_000
"""How far below the newest id a scan may turn up late, and still be found."""


async def always() -> bool:
    """Say that a stream may go on."""
    return True


def recent_scans(parcel_id: int, newest: int) -> Select[Scan]:
    """Ask for a parcel's scans after this one, and for those a little before it."""
    return (
        select(Scan)
        .where(Scan.parcel_id == parcel_id, Scan.id > newest - LOOK_BACK)
        .order_by(Scan.id)
    )


async def follow(
    sessions: Sessions,
    parcel_id: int,
    after: int = 0,
    pause: float = 1,
    go_on: GoOn = always,
) -> AsyncIterator[Scan]:
    """Yield a parcel's scans after this one, then those to come, until delivery.

    Looks for new ones every `pause` seconds, and holds no connection meanwhile.
    """
    while await go_on():
        query = select(Scan).where(Scan.parcel_id == parcel_id, Scan.id > after)
        async with sessions() as session:
            scans = (await session.scalars(query.order_by(Scan.id))).all()
        for scan in scans:
            yield scan
            if scan.kind is ScanKind.DELIVERED:
                return
            after = scan.id
        await asyncio.sleep(pause)
