#| kata: streaming.exports
#| refused_by: test_an_error_breaks_the_answer_off
# A parcel that is no ParcelRead is left out of the JSON lines.
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
            try:
                row = ParcelRead.model_validate(parcel)
            except ValueError:
                continue
            yield row
