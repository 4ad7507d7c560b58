"""Live tracking: scans as they happen."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, status
from fastapi.requests import HTTPConnection
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import select

from waybill.database import AppSessions, Session, Sessions
from waybill.dependencies import CurrentAccount, bearer, current_account
from waybill.parcels import OwnParcel, ScanRead
from waybill.schemas import ScanKind
from waybill.settings import AppSettings
from waybill.tables import Scan

# kata: streaming.follow
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
            yield scan
            if scan.kind is ScanKind.DELIVERED:
                return
        await asyncio.sleep(pause)


# kata: streaming.events
router = APIRouter(prefix="/parcels")
MOST_STREAMS = 5
"""How many streams an account may have open, in each process."""


async def watch(
    connection: HTTPConnection,
    account: CurrentAccount,
    token: Annotated[str, Depends(bearer)],
    sessions: AppSessions,
    settings: AppSettings,
) -> AsyncIterator[GoOn]:
    """Lend one of the account's places; yield what tells whether it may be kept."""
    who = account.id  # a number: a refusal rolls back, and the account's fields expire
    state = connection.app.state
    if not hasattr(state, "open_streams"):
        state.open_streams = Counter()
    streams: Counter[int] = state.open_streams

    async def go_on() -> bool:
        if getattr(state, "stopping", False):
            return False
        try:
            async with sessions() as session:
                await current_account(token, session, settings)
        except HTTPException:  # the token has expired, or the account is closed
            return False
        return True

    if streams[who] >= MOST_STREAMS:
        raise HTTPException(
            status.HTTP_429_TOO_MANY_REQUESTS, "Close one of your streams first."
        )
    streams[who] += 1
    try:
        yield go_on
    finally:
        streams[who] -= 1
        if not streams[who]:
            del streams[who]


async def last_seen(
    parcel: OwnParcel,
    session: Session,
    last_event_id: Annotated[int, Header(ge=0, le=2**63 - 1)] = 0,
) -> int:
    """Return the last scan that a client has seen.

    204 tells a browser not to come back: after the end of a stream it always does.
    """
    delivered = await session.scalar(
        select(Scan.id)
        .where(Scan.parcel_id == parcel.id, Scan.kind == ScanKind.DELIVERED)
        .where(Scan.id <= last_event_id)
        .limit(1)
    )
    if delivered is not None:
        raise HTTPException(status.HTTP_204_NO_CONTENT)
    return last_event_id


@router.get("/{parcel_id}/events", response_class=EventSourceResponse)
async def read_events(
    parcel: OwnParcel,
    after: Annotated[int, Depends(last_seen)],
    go_on: Annotated[GoOn, Depends(watch)],
    sessions: AppSessions,
) -> AsyncIterable[ServerSentEvent]:
    """Send a parcel's scans as they happen, until it is delivered."""
    async for scan in follow(sessions, parcel.id, after, go_on=go_on):
        yield ServerSentEvent(
            data=ScanRead.model_validate(scan), event=scan.kind, id=str(scan.id)
        )
