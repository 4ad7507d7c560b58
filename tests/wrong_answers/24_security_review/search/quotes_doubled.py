#| kata: security_review.search
#| refused_by: test_the_statement_does_not_hold_it
# Doubles quotation marks by hand, and pastes the rest.
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import select, text

from waybill.database import Session
from waybill.dependencies import CurrentAccount, Page
from waybill.schemas import ParcelRead, TextLine
from waybill.tables import Parcel

router = APIRouter(prefix="/search")


class Search(Page):
    """Which parcels are wanted: those to somebody with this in the name."""

    name: TextLine


@router.get("", response_model=list[ParcelRead])
async def search_parcels(
    search: Annotated[Search, Query()], session: Session, account: CurrentAccount
) -> Sequence[Parcel]:
    """Return your parcels to people with a name like this, a page at a time."""
    wanted = search.name.replace("'", "''").replace(":", "\\:")
    for one in ("\\", "%", "_"):
        wanted = wanted.replace(one, "\\" + one) if one != "\\" else wanted
    query = (
        select(Parcel)
        .where(
            Parcel.owner_id == account.id,
            Parcel.id > search.after,
            text(f"\"to\" ->> 'name' LIKE '%{wanted}%' ESCAPE '\\'"),
        )
        .order_by(Parcel.id)
        .limit(search.limit)
    )
    return (await session.scalars(query)).all()
