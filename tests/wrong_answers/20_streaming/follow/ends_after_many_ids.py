#| kata: streaming.follow
#| refused_by: test_it_never_gives_up
# The stream ends when the ids have moved on by two thousand.
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
    newest = after
    seen: set[int] | None = None
    while await go_on():
        async with sessions() as session:
            scans = (await session.scalars(recent_scans(parcel_id, newest))).all()
        if seen is None:
            seen = {scan.id for scan in scans if scan.id <= after}
        fresh = [scan for scan in scans if scan.id not in seen]
        for scan in fresh:
            seen.add(scan.id)
            newest = max(newest, scan.id)
            yield scan
            if scan.kind is ScanKind.DELIVERED:
                return
        await asyncio.sleep(pause)
        if newest - after > 2 * LOOK_BACK:
            return
