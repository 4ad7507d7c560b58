#| kata: permissions.scan
#| refused_by: test_the_body_comes_last
# The check stands in the route, and comes after the body.
from typing import Annotated

from fastapi import Depends, HTTPException, Security, status
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.database import Session
from waybill.policy import may, permitted
from waybill.schemas import ScanCreate
from waybill.tables import Account, Assignment, Parcel, Scan

MOST_SCANS = 200
"""How many scans a parcel may have; whoever lists parcels reads them all."""
Courier = Annotated[Account, Security(permitted, scopes=["scans:read"])]
Scanner = Annotated[Account, Security(permitted, scopes=["scans:add"])]


async def scanned_parcel(
    parcel_id: ParcelId, session: Session, account: Scanner
) -> Parcel:
    """Return a parcel that whoever is asking may scan; any other is not there."""
    # Its row stays locked until the commit: scans of one parcel come one by one.
    parcel = await session.get(Parcel, parcel_id, with_for_update={"key_share": True})
    courier = select(Assignment.courier_id).where(Assignment.parcel_id == parcel_id)
    is_theirs = await session.scalar(courier) == account.id
    if parcel is None or not (is_theirs or may(account, "parcels:any")):
        return Parcel(id=0)
    return parcel


async def keep_scan(session: AsyncSession, parcel: Parcel, data: ScanCreate) -> Scan:
    """Keep a scan of a parcel that is locked; 409 if it is known, or one too many."""
    number, count = parcel.id, select(func.count(Scan.id))
    if (await session.scalar(count.where(Scan.parcel_id == number)) or 0) >= MOST_SCANS:
        raise HTTPException(status.HTTP_409_CONFLICT, "This parcel has enough scans.")
    scan = Scan(parcel_id=number, **data.model_dump())
    session.add(scan)
    try:
        await session.flush()
    except IntegrityError:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "This scan is known already."
        ) from None
    return scan


@router.post(
    "/{parcel_id}/scans",
    status_code=status.HTTP_201_CREATED,
    response_model=ScanRead,
)
async def add_scan(
    parcel: Annotated[Parcel, Depends(scanned_parcel)],
    data: ScanCreate,
    session: Session,
) -> Scan:
    """Note what happened to a parcel that you carry."""
    if not parcel.id:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "You have no such parcel.")
    return await keep_scan(session, parcel, data)
