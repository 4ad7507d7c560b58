#| kata: repository.withdraw
#| refused_by: test_a_scan_at_the_last_moment_counts
# It looks for scans first, and a scan that comes later is a crash.
from fastapi import HTTPException, status
from sqlalchemy import delete, select

from waybill.database import Session
from waybill.dependencies import CurrentAccount
from waybill.parcels import OwnParcel
from waybill.store import StaleError, claim
from waybill.tables import Change, Parcel, Scan


@router.delete("/parcels/{parcel_id}", status_code=status.HTTP_204_NO_CONTENT)
async def withdraw_parcel(
    parcel: OwnParcel, seen: SeenVersion, session: Session, account: CurrentAccount
) -> None:
    """Take back one of your parcels, if no courier has scanned it."""
    scan = select(Scan.id).where(Scan.parcel_id == parcel.id).limit(1)
    if await session.scalar(scan) is not None:
        raise HTTPException(409, "The parcel is on its way.")
    try:
        await claim(session, parcel, account, seen)
        await session.execute(delete(Change).where(Change.parcel_id == parcel.id))
        await session.execute(delete(Parcel).where(Parcel.id == parcel.id))
    except StaleError:
        raise HTTPException(
            status.HTTP_412_PRECONDITION_FAILED,
            "The parcel was changed. Read it again.",
        ) from None
