"""Parcels: handed in, read, listed and scanned."""

import secrets
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Response, Security, status
from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from waybill.database import Session
from waybill.dependencies import CurrentAccount, PageQuery
from waybill.policy import may, permitted
from waybill.repository import Changes
from waybill.schemas import ParcelCreate, ParcelRead, ScanCreate, ScanKind
from waybill.tables import Account, Assignment, Parcel, Scan

# kata: repository.read_parcel
router = APIRouter(prefix="/parcels")
ParcelId = Annotated[int, Path(ge=1, le=2**63 - 1)]


async def own_parcel(
    parcel_id: ParcelId, session: Session, account: CurrentAccount
) -> Parcel:
    """Return a parcel of whoever is asking; anybody else's is not there."""
    parcel = await session.get(Parcel, parcel_id)
    if parcel is None or parcel.owner_id != account.id:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "You have no such parcel.")
    return parcel


OwnParcel = Annotated[Parcel, Depends(own_parcel)]


def etag(version: int) -> str:
    """Return a version as the header ETag spells it."""
    return f'"{version}"'


async def parcel_version(parcel_id: ParcelId, session: Session) -> int:
    """Return the version of a parcel."""
    return await Changes(session).version(parcel_id)


@router.get("/{parcel_id}", response_model=ParcelRead)
async def read_parcel(
    version: Annotated[int, Depends(parcel_version)],  # first: never newer than the row
    parcel: OwnParcel,
    response: Response,
) -> Parcel:
    """Return one of your parcels; its ETag says which version this is."""
    response.headers["ETag"] = etag(version)
    return parcel


@router.post("", status_code=status.HTTP_201_CREATED, response_model=ParcelRead)
async def hand_in(
    data: ParcelCreate, session: Session, account: CurrentAccount
) -> Parcel:
    """Hand in a parcel; it gets a tracking code of its own."""
    code = "WB" + secrets.token_hex(9).upper()  # 72 bits: practically never twice
    parcel = Parcel(owner_id=account.id, tracking_code=code, **data.model_dump())
    session.add(parcel)
    await session.flush()
    await session.refresh(parcel)  # as the database has it: 19.90, not 19.9
    return parcel


# kata: dependencies.list_parcels
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
        .order_by(Parcel.id)
        .limit(page.limit)
        .options(selectinload(Parcel.scans))
    )
    return (await session.scalars(query)).all()


# kata: permissions.scan
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
        raise HTTPException(status.HTTP_404_NOT_FOUND, "You have no such parcel.")
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
    return await keep_scan(session, parcel, data)
