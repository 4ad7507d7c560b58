#| kata: streaming.exports
#| refused_by: test_the_first_rows_leave_before_the_last_are_read
# Yields lines, after all of them were collected.
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
    batches = [batch async for batch in parcel_batches(sessions, account.id)]
    for batch in batches:
        for parcel in batch:
            yield ParcelRead.model_validate(parcel)
