#| kata: streaming.events
#| refused_by: test_after_the_delivery_it_is_204
# Goes on waiting when all was seen.
from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent

from waybill.database import AppSessions
from waybill.parcels import OwnParcel, ScanRead

router = APIRouter(prefix="/parcels")


async def last_seen(
    parcel: OwnParcel,
    last_event_id: Annotated[int, Header(ge=0, le=2**63 - 1)] = 0,
) -> int:
    """Return the last scan that a client has seen.

    204 tells a browser not to come back: after the end of a stream it always does.
    """
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
            data=ScanRead.model_validate(scan), event=scan.kind, id=str(scan.id)
        )
