#| kata: repository.read_parcel
#| refused_by: test_a_parcel_leaves_with_its_version
# The first parcel that anybody handed in is a 422.
import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Response, status

from waybill.database import Session
from waybill.dependencies import CurrentAccount
from waybill.repository import Changes
from waybill.schemas import ParcelCreate, ParcelRead
from waybill.tables import Parcel

router = APIRouter(prefix="/parcels")
ParcelId = Annotated[int, Path(ge=2, le=2**63 - 1)]


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
