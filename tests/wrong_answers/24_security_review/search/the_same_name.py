#| kata: security_review.search
#| refused_by: test_only_your_own_are_found
# Finds only whoever has exactly this name.
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import select

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
    name = Parcel.to["name"].as_string()
    query = (
        select(Parcel)
        .where(
            Parcel.owner_id == account.id,
            Parcel.id > search.after,
            name == search.name,
        )
        .order_by(Parcel.id)
        .limit(search.limit)
    )
    return (await session.scalars(query)).all()
