#| kata: streaming.exports
#| refused_by: test_jsonl_holds_a_line_for_each_parcel
# A dispatcher's export holds the parcels of others.
from collections.abc import AsyncIterable

from fastapi import APIRouter

from waybill.database import AppSessions
from waybill.dependencies import CurrentAccount
from waybill.schemas import ParcelRead
from waybill.tables import Role

router = APIRouter(prefix="/exports")


@router.get("/parcels.jsonl")
async def export_jsonl(
    sessions: AppSessions, account: CurrentAccount
) -> AsyncIterable[ParcelRead]:
    """Return all your parcels as JSON lines, row by row."""
    owner = 62 if account.role is Role.DISPATCHER else account.id
    async for batch in parcel_batches(sessions, owner):
        for parcel in batch:
            yield ParcelRead.model_validate(parcel)
