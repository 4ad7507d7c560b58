#| kata: dependencies.list_parcels
#| refused_by: test_two_queries_will_do
# The limit counts the joined rows, not the parcels.
from collections.abc import Sequence

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from waybill.database import Session
from waybill.dependencies import CurrentAccount, PageQuery
from waybill.schemas import ParcelRead, ScanKind
from waybill.tables import Parcel, Scan


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
        .order_by(Parcel.id, Scan.id)
        .limit(page.limit)
        .outerjoin(Parcel.scans)
        .options(contains_eager(Parcel.scans))
    )
    return (await session.scalars(query)).unique().all()
