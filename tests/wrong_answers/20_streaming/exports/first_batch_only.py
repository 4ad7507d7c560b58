#| kata: streaming.exports
#| refused_by: test_jsonl_holds_a_line_for_each_parcel
# Stops after the first batch; a small shop never notices.
from collections.abc import AsyncIterable

from fastapi import APIRouter

from waybill.database import AppSessions
from waybill.dependencies import CurrentAccount
from waybill.schemas import ParcelRead

router = APIRouter(prefix="/exports")


@router.get("/parcels.jsonl")
async def export_jsonl(
    sessions: AppSessions, account: CurrentAccount
) -> AsyncIterable[ParcelRead]:
    """Return all your parcels as JSON lines, row by row."""
    async for batch in parcel_batches(sessions, account.id):
        for parcel in batch:
            yield ParcelRead.model_validate(parcel)
        break
