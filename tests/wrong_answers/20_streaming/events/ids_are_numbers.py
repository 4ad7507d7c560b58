#| kata: streaming.events
#| refused_by: test_each_scan_is_an_event
# The id is a number, and an event wants text.
from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, status
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import select

from waybill.database import AppSessions, Session
from waybill.parcels import OwnParcel, ScanRead
from waybill.schemas import ScanKind
from waybill.tables import Scan

router = APIRouter(prefix="/parcels")


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
    sessions: AppSessions,
) -> AsyncIterable[ServerSentEvent]:
    """Send a parcel's scans as they happen, until it is delivered."""
    async for scan in follow(sessions, parcel.id, after):
        yield ServerSentEvent(
            data=ScanRead.model_validate(scan), event=scan.kind, id=scan.id
        )
