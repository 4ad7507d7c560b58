#| kata: streaming.exports
#| refused_by: test_no_connection_is_lent_while_it_leaves
# Opens a session for the stream, and nobody closes it.
from collections.abc import AsyncIterable

from fastapi import APIRouter
from sqlalchemy import select

from waybill.database import AppSessions
from waybill.dependencies import CurrentAccount
from waybill.schemas import ParcelRead

router = APIRouter(prefix="/exports")


@router.get("/parcels.jsonl")
async def export_jsonl(
    sessions: AppSessions, account: CurrentAccount
) -> AsyncIterable[ParcelRead]:
    """Return all your parcels as JSON lines, row by row."""
    query = select(Parcel).where(Parcel.owner_id == account.id).order_by(Parcel.id)
    session = sessions()
    for parcel in await session.scalars(query):
        yield ParcelRead.model_validate(parcel)
