#| kata: streaming.exports
#| refused_by: test_jsonl_holds_a_line_for_each_parcel
# Returns everything as one list, from the request's session.
from fastapi import APIRouter
from sqlalchemy import select

from waybill.database import Session
from waybill.dependencies import CurrentAccount
from waybill.schemas import ParcelRead

router = APIRouter(prefix="/exports")


@router.get("/parcels.jsonl")
async def export_jsonl(session: Session, account: CurrentAccount) -> list[ParcelRead]:
    """Return all your parcels as JSON lines, row by row."""
    query = select(Parcel).where(Parcel.owner_id == account.id).order_by(Parcel.id)
    return [ParcelRead.model_validate(row) for row in await session.scalars(query)]
