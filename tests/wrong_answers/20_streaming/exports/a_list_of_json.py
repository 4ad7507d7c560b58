#| kata: streaming.exports
#| refused_by: test_jsonl_holds_a_line_for_each_parcel
# One list, in which no line is a document.
from fastapi import APIRouter

from waybill.database import AppSessions
from waybill.dependencies import CurrentAccount
from waybill.schemas import ParcelRead

router = APIRouter(prefix="/exports")


@router.get("/parcels.jsonl")
async def export_jsonl(
    sessions: AppSessions, account: CurrentAccount
) -> list[ParcelRead]:
    """Return all your parcels as JSON lines, row by row."""
    return [
        ParcelRead.model_validate(parcel)
        async for batch in parcel_batches(sessions, account.id)
        for parcel in batch
    ]
