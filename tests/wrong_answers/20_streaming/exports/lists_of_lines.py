#| kata: streaming.exports
#| refused_by: test_jsonl_holds_a_line_for_each_parcel
# A line holds a batch, as a list.
from collections.abc import AsyncIterable

from fastapi import APIRouter

from waybill.database import AppSessions
from waybill.dependencies import CurrentAccount
from waybill.schemas import ParcelRead

router = APIRouter(prefix="/exports")


@router.get("/parcels.jsonl")
async def export_jsonl(
    sessions: AppSessions, account: CurrentAccount
) -> AsyncIterable[list[ParcelRead]]:
    """Return all your parcels as JSON lines, row by row."""
    async for batch in parcel_batches(sessions, account.id):
        yield [ParcelRead.model_validate(parcel) for parcel in batch]
