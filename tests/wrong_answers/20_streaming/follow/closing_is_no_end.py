#| kata: streaming.follow
#| refused_by: test_nothing_goes_on_when_the_reader_leaves
# Takes the end of its reader for a fault of that one scan, and goes on.
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from sqlalchemy import select

from waybill.database import Sessions
from waybill.schemas import ScanKind
from waybill.tables import Scan

GoOn = Callable[[], Awaitable[bool]]
LOOK_BACK = 1_000
"""How far below the newest id a scan may turn up late, and still be found."""


async def always() -> bool:
    """Say that a stream may go on."""
    return True


class NewScans:
    """A parcel's scans after an id, and late ones: each is returned once."""

    def __init__(self, sessions: Sessions, parcel_id: int, after: int) -> None:
        self._sessions = sessions
        self._parcel_id = parcel_id
        self._newest = after
        self._seen: set[int] | None = None

    async def look(self) -> list[Scan]:
        """Return the scans that are new, by id; hold no connection afterwards."""
        query = (
            select(Scan)
            .where(Scan.parcel_id == self._parcel_id)
            .where(Scan.id > self._newest - LOOK_BACK)
            .order_by(Scan.id)
        )
        async with self._sessions() as session:
            scans = (await session.scalars(query)).all()
        if self._seen is None:  # the first look: a client has seen what it asks after
            self._seen = {scan.id for scan in scans if scan.id <= self._newest}
        new = [scan for scan in scans if scan.id not in self._seen]
        self._seen.update(scan.id for scan in new)
        self._newest = max([self._newest, *self._seen])
        return new


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
    new = NewScans(sessions, parcel_id, after)
    while await go_on():
        for scan in await new.look():
            try:
                yield scan
            except GeneratorExit:
                continue
            if scan.kind is ScanKind.DELIVERED:
                return
        await asyncio.sleep(pause)
