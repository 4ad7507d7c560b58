#| kata: streaming.follow
#| refused_by: test_nothing_goes_on_when_the_reader_leaves
# A task fills a queue. It ends if the reader is cancelled, and not if it closes the stream.
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
    queue: asyncio.Queue[Scan | None] = asyncio.Queue()

    async def fill(after: int) -> None:
        sent: set[int] | None = None
        while await go_on():
            async with sessions() as session:
                query = recent_scans(parcel_id, after)
                scans = (await session.scalars(query)).all()
            if sent is None:
                sent = {scan.id for scan in scans if scan.id <= after}
            for scan in scans:
                if scan.id not in sent:
                    await queue.put(scan)
                    sent.add(scan.id)
                    if scan.kind is ScanKind.DELIVERED:
                        await queue.put(None)
                        return
            after = max([after, *sent])
            await asyncio.sleep(pause)
        await queue.put(None)

    task = asyncio.create_task(fill(after))
    try:
        while (found := await queue.get()) is not None:
            yield found
        await task
    except asyncio.CancelledError:
        task.cancel()
        raise
