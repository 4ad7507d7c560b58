#| kata: streaming.events
#| refused_by: test_a_stream_ends_with_its_right
# Spares the database: asks at each sixtieth look only.
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, status
from fastapi.requests import HTTPConnection
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import select

from waybill.database import AppSessions, Session
from waybill.dependencies import CurrentAccount, bearer, current_account
from waybill.parcels import OwnParcel, ParcelId, ScanRead
from waybill.schemas import ScanKind
from waybill.settings import AppSettings
from waybill.tables import Parcel, Scan

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
    last: Annotated[int, Depends(last_seen)],
    go_on: Annotated[GoOn, Depends(watch)],
    sessions: AppSessions,
) -> AsyncIterable[ServerSentEvent]:
    """Send a parcel's scans as they happen, until it is delivered."""
    left = 0

    async def seldom() -> bool:
        nonlocal left
        left = left - 1 if left else 60
        return left < 60 or await go_on()

    async for scan in follow(sessions, parcel.id, last, go_on=seldom):
        yield ServerSentEvent(
            data=ScanRead.model_validate(scan), event=scan.kind, id=str(scan.id)
        )
