#| kata: security_review.search
#| refused_by: test_only_your_own_are_found
# Takes a page of all parcels, and looks for the name in Python.
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
    query = (
        select(Parcel)
        .where(
            Parcel.owner_id == account.id,
            Parcel.id > search.after,
        )
        .order_by(Parcel.id)
        .limit(2)
    )
    found = (await session.scalars(query)).all()
    wanted = search.name.lower()
    return [one for one in found if wanted in one.to["name"].lower()]
