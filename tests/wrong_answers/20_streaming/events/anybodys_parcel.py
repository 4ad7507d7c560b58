#| kata: streaming.events
#| refused_by: test_what_is_not_yours_is_404
# Looks whether there is such a parcel, and not whose it is.
from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, status
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import select

from waybill.database import AppSessions, Session
from waybill.parcels import ParcelId, ScanRead
from waybill.schemas import ScanKind
from waybill.tables import Parcel, Scan

router = APIRouter(prefix="/parcels")


async def last_seen(
    parcel_id: ParcelId,
    session: Session,
    last_event_id: Annotated[int, Header(ge=0, le=2**63 - 1)] = 0,
) -> int:
    """Return the last scan that a client has seen.

    204 tells a browser not to come back: after the end of a stream it always does.
    """
    if await session.get(Parcel, parcel_id) is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such parcel.")
    delivered = await session.scalar(
        select(Scan.id)
        .where(Scan.parcel_id == parcel_id, Scan.kind == ScanKind.DELIVERED)
        .where(Scan.id <= last_event_id)
        .limit(1)
    )
    if delivered is not None:
        raise HTTPException(status.HTTP_204_NO_CONTENT)
    return last_event_id


@router.get("/{parcel_id}/events", response_class=EventSourceResponse)
async def read_events(
    parcel_id: ParcelId,
    after: Annotated[int, Depends(last_seen)],
    sessions: AppSessions,
) -> AsyncIterable[ServerSentEvent]:
    """Send a parcel's scans as they happen, until it is delivered."""
    async for scan in follow(sessions, parcel_id, after):
        yield ServerSentEvent(
            data=ScanRead.model_validate(scan), event=scan.kind, id=str(scan.id)
        )
