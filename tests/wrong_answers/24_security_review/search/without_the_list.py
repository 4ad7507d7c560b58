#| kata: security_review.search
#| refused_by: test_a_quote_is_a_character
# Drops the list of words, and still pastes the name into the SQL.
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, status
from sqlalchemy import select, text

from waybill.database import Session
from waybill.dependencies import CurrentAccount, Page
from waybill.schemas import ParcelRead, TextLine
from waybill.tables import Parcel

router = APIRouter(prefix="/search")
DANGEROUS = ("union", "select", "drop", "--", ";")


class Search(Page):
    """Which parcels are wanted: those to somebody with this in the name."""

    name: TextLine


@router.get("", response_model=list[ParcelRead])
async def search_parcels(
    search: Annotated[Search, Query()], session: Session, account: CurrentAccount
) -> Sequence[Parcel]:
    """Return your parcels to people with a name like this, a page at a time."""
    condition = f"""
        owner_id = {account.id} AND id > {search.after}
        AND "to" ->> 'name' LIKE '%{search.name}%'
    """
    query = select(Parcel).where(text(condition)).order_by(Parcel.id)
    return (await session.scalars(query.limit(search.limit))).all()
