#| kata: streaming.csv_export
#| refused_by: test_an_error_breaks_the_answer_off
# Raises an error of its own, and keeps from the log what had happened.
from collections.abc import AsyncIterator

from fastapi.responses import StreamingResponse

from waybill.database import AppSessions, Sessions
from waybill.dependencies import CurrentAccount

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
    try:
        async for batch in parcel_batches(sessions, owner_id):
            yield "".join(csv_line(cells(parcel)) for parcel in batch)
    except Exception:
        raise RuntimeError("The export failed.") from None


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
