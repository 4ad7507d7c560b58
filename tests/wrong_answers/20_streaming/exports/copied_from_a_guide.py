#| kata: streaming.exports
#| refused_by: test_jsonl_holds_a_line_for_each_parcel
# Streams from the request's session, which was closed before.
from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.database import Session
from waybill.dependencies import CurrentAccount
from waybill.schemas import ParcelRead

router = APIRouter(prefix="/exports")

COLUMNS = (
    "tracking_code",
    "name",
    "city",
    "country",
    "weight_g",
    "value",
    "created_at",
)


def cells(parcel: Parcel) -> tuple[object, ...]:
    """Return what an export says of a parcel, by column."""
    to = parcel.to
    return (
        parcel.tracking_code,
        to["name"],
        to["city"],
        to["country"],
        parcel.weight_g,
        parcel.value,
        parcel.created_at.isoformat(),
    )


async def csv_lines(session: AsyncSession, owner_id: int) -> AsyncIterator[str]:
    """Yield an owner's parcels as CSV: first the columns, then row by row."""
    yield csv_line(COLUMNS)
    query = select(Parcel).where(Parcel.owner_id == owner_id).order_by(Parcel.id)
    async for parcel in await session.stream_scalars(query):
        yield csv_line(cells(parcel))


@router.get("/parcels.csv", response_class=StreamingResponse)
async def export_csv(session: Session, account: CurrentAccount) -> StreamingResponse:
    """Return all your parcels as CSV, row by row."""
    return StreamingResponse(csv_lines(session, account.id))


@router.get("/parcels.jsonl")
async def export_jsonl(session: Session, account: CurrentAccount) -> list[ParcelRead]:
    """Return all your parcels as JSON lines, row by row."""
    query = select(Parcel).where(Parcel.owner_id == account.id).order_by(Parcel.id)
    return [ParcelRead.model_validate(row) for row in await session.scalars(query)]
