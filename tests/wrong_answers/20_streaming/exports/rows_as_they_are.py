#| kata: streaming.exports
#| refused_by: test_jsonl_holds_a_line_for_each_parcel
# Sends the columns of the row, with the owner and without `heavy`.
from collections.abc import AsyncIterable

from fastapi import APIRouter

from waybill.database import AppSessions
from waybill.dependencies import CurrentAccount

router = APIRouter(prefix="/exports")


@router.get("/parcels.jsonl")
async def export_jsonl(
    sessions: AppSessions, account: CurrentAccount
) -> AsyncIterable[dict[str, object]]:
    """Return all your parcels as JSON lines, row by row."""
    async for batch in parcel_batches(sessions, account.id):
        for parcel in batch:
            yield {
                name: getattr(parcel, name)
                for name in ("id", "owner_id", "to", "value")
            }
