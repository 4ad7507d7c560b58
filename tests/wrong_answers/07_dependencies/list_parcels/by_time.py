#| kata: dependencies.list_parcels
#| refused_by: test_you_see_your_own_parcels
# Sorted by when they were handed in.
from collections.abc import Sequence

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from waybill.database import Session
from waybill.dependencies import CurrentAccount, PageQuery
from waybill.schemas import ParcelRead, ScanKind
from waybill.tables import Parcel


class ScanRead(BaseModel):
    """What a sender sees of a scan."""

    model_config = ConfigDict(from_attributes=True)

    depot: str
    kind: ScanKind
    at: AwareDatetime


class TrackedParcel(ParcelRead):
    """A parcel with its scans, the first one first."""

    scans: list[ScanRead]


@router.get("", response_model=list[TrackedParcel])
async def list_parcels(
    page: PageQuery, session: Session, account: CurrentAccount
) -> Sequence[Parcel]:
    """Return your parcels with their scans, a page at a time."""
    query = (
        select(Parcel)
        .where(Parcel.owner_id == account.id, Parcel.id > page.after)
        .order_by(Parcel.created_at)
        .limit(page.limit)
        .options(selectinload(Parcel.scans))
    )
    return (await session.scalars(query)).all()
