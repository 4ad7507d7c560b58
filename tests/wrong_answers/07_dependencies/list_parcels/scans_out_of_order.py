#| kata: dependencies.list_parcels
#| refused_by: test_each_has_its_scans
# Sorts the scans by their time; a scanner's clock may be wrong.
from collections import defaultdict

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import select

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


@router.get("")
async def list_parcels(
    page: PageQuery, session: Session, account: CurrentAccount
) -> list[TrackedParcel]:
    """Return your parcels with their scans, a page at a time."""
    mine = select(Parcel).where(Parcel.owner_id == account.id)
    wanted = mine.where(Parcel.id > page.after).order_by(Parcel.id).limit(page.limit)
    parcels = (await session.scalars(wanted)).all()
    ids = [parcel.id for parcel in parcels]
    scans: defaultdict[int, list[Scan]] = defaultdict(list)
    for scan in await session.scalars(
        select(Scan).where(Scan.parcel_id.in_(ids)).order_by(Scan.at)
    ):
        scans[scan.parcel_id].append(scan)
    names = ParcelRead.model_fields
    return [
        TrackedParcel(
            **{name: getattr(parcel, name) for name in names},
            scans=[ScanRead.model_validate(scan) for scan in scans[parcel.id]],
        )
        for parcel in parcels
    ]
