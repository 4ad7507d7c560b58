#| kata: streaming.csv_export
#| refused_by: test_csv_holds_a_row_for_each_parcel
# A dispatcher's export holds another account's parcels.
from collections.abc import AsyncIterator

from fastapi.responses import StreamingResponse

from waybill.database import AppSessions, Sessions
from waybill.dependencies import CurrentAccount
from waybill.tables import Role

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
    """Yield an owner's parcels as CSV: first the columns, then row by row."""
    yield csv_line(COLUMNS)
    async for batch in parcel_batches(sessions, owner_id):
        for parcel in batch:
            yield csv_line(cells(parcel))


@router.get("/parcels.csv", response_class=StreamingResponse)
async def export_csv(
    sessions: AppSessions, account: CurrentAccount
) -> StreamingResponse:
    """Return all your parcels as CSV, row by row."""
    return StreamingResponse(
        csv_lines(sessions, account.id if account.role != Role.DISPATCHER else 1),
        media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="parcels.csv"'},
    )
