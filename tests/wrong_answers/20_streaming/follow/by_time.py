#| kata: streaming.follow
#| refused_by: test_what_there_is_comes_at_once
# Sorts by time, and clocks differ.
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
        .order_by(Scan.at)
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
    sent: set[int] | None = None
    while await go_on():
        async with sessions() as session:
            scans = (await session.scalars(recent_scans(parcel_id, after))).all()
        if sent is None:
            sent = {scan.id for scan in scans if scan.id <= after}
        for scan in scans:
            if scan.id in sent:
                continue
            yield scan
            if scan.kind is ScanKind.DELIVERED:
                return
            sent.add(scan.id)
        after = max([after, *sent])
        await asyncio.sleep(pause)
