#| kata: streaming.exports
#| refused_by: test_an_error_breaks_the_answer_off
# Turns each error into a 500 that can't be sent any more, and hides what it was.
from collections.abc import AsyncIterable

from fastapi import APIRouter, HTTPException

from waybill.database import AppSessions
from waybill.dependencies import CurrentAccount
from waybill.schemas import ParcelRead

router = APIRouter(prefix="/exports")


@router.get("/parcels.jsonl")
async def export_jsonl(
    sessions: AppSessions, account: CurrentAccount
) -> AsyncIterable[ParcelRead]:
    """Return all your parcels as JSON lines, row by row."""
    try:
        async for batch in parcel_batches(sessions, account.id):
            for parcel in batch:
                yield ParcelRead.model_validate(parcel)
    except Exception:
        raise HTTPException(500, "The export failed.") from None
