#| kata: streaming.events
#| refused_by: test_after_the_delivery_it_is_204
# Raises the 204 inside of the stream.
from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, status
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import select

from waybill.database import AppSessions
from waybill.parcels import OwnParcel, ScanRead
from waybill.schemas import ScanKind
from waybill.tables import Scan

router = APIRouter(prefix="/parcels")


@router.get("/{parcel_id}/events", response_class=EventSourceResponse)
async def read_events(
    parcel: OwnParcel,
    sessions: AppSessions,
    last_event_id: Annotated[int, Header(ge=0, le=2**63 - 1)] = 0,
) -> AsyncIterable[ServerSentEvent]:
    """Send a parcel's scans as they happen, until it is delivered."""
    query = select(Scan.id).where(
        Scan.parcel_id == parcel.id,
        Scan.kind == ScanKind.DELIVERED,
        Scan.id <= last_event_id,
    )
    async with sessions() as session:
        delivered = await session.scalar(query)
    if delivered is not None:
        raise HTTPException(status.HTTP_204_NO_CONTENT)
    async for scan in follow(sessions, parcel.id, last_event_id):
        yield ServerSentEvent(
            data=ScanRead.model_validate(scan), event=scan.kind, id=str(scan.id)
        )
