#| kata: streaming.exports
#| refused_by: test_an_error_breaks_the_answer_off
# Says in a last line that something went wrong, and ends properly.
from collections.abc import AsyncIterable

from fastapi import APIRouter

from waybill.database import AppSessions
from waybill.dependencies import CurrentAccount
from waybill.schemas import ParcelRead

router = APIRouter(prefix="/exports")


@router.get("/parcels.jsonl")
async def export_jsonl(
    sessions: AppSessions, account: CurrentAccount
) -> AsyncIterable[dict[str, object]]:
    """Return all your parcels as JSON lines, row by row."""
    try:
        async for batch in parcel_batches(sessions, account.id):
            for parcel in batch:
                yield ParcelRead.model_validate(parcel).model_dump(mode="json")
    except Exception as error:
        yield {"error": str(error)}
