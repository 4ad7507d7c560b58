#| kata: streaming.events
#| refused_by: test_what_is_not_yours_is_404
# Raises the 404 inside of the stream, when 200 is out.
from collections.abc import AsyncIterable

from fastapi import APIRouter, HTTPException, status
from fastapi.sse import EventSourceResponse, ServerSentEvent

from waybill.database import AppSessions
from waybill.dependencies import CurrentAccount
from waybill.parcels import ParcelId, ScanRead
from waybill.tables import Parcel

router = APIRouter(prefix="/parcels")


@router.get("/{parcel_id}/events", response_class=EventSourceResponse)
async def read_events(
    parcel_id: ParcelId, sessions: AppSessions, account: CurrentAccount
) -> AsyncIterable[ServerSentEvent]:
    """Send a parcel's scans as they happen, until it is delivered."""
    async with sessions() as session:
        parcel = await session.get(Parcel, parcel_id)
    if parcel is None or parcel.owner_id != account.id:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "You have no such parcel.")
    async for scan in follow(sessions, parcel_id):
        yield ServerSentEvent(data=ScanRead.model_validate(scan), event=scan.kind)
