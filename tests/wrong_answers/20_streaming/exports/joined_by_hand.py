#| kata: streaming.exports
#| refused_by: test_cells_go_through_csv_line
# Doesn't use csv_line for the rows: a comma forges a column.
from collections.abc import AsyncIterable, AsyncIterator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from waybill.database import AppSessions, Sessions
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


async def csv_lines(sessions: Sessions, owner_id: int) -> AsyncIterator[str]:
    """Yield an owner's parcels as CSV: first the columns, then a batch at a time."""
    yield csv_line(COLUMNS)
    async for batch in parcel_batches(sessions, owner_id):
        yield "".join(",".join(map(str, cells(parcel))) + "\r\n" for parcel in batch)


@router.get("/parcels.csv", response_class=StreamingResponse)
async def export_csv(
    sessions: AppSessions, account: CurrentAccount
) -> StreamingResponse:
    """Return all your parcels as CSV, row by row."""
    return StreamingResponse(
        csv_lines(sessions, account.id),
        media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="parcels.csv"'},
    )


@router.get("/parcels.jsonl")
async def export_jsonl(
    sessions: AppSessions, account: CurrentAccount
) -> AsyncIterable[ParcelRead]:
    """Return all your parcels as JSON lines, row by row."""
    async for batch in parcel_batches(sessions, account.id):
        for parcel in batch:
            yield ParcelRead.model_validate(parcel)
