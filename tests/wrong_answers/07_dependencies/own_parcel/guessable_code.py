#| kata: dependencies.own_parcel
#| refused_by: test_tracking_codes_do_not_collide
# `random` draws the tracking code: whoever has seen some foretells the next.
import random
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, status

from waybill.database import Session
from waybill.dependencies import CurrentAccount
from waybill.schemas import ParcelCreate, ParcelRead
from waybill.tables import Parcel

router = APIRouter(prefix="/parcels")
ParcelId = Annotated[int, Path(ge=1, le=2**63 - 1)]


async def own_parcel(
    parcel_id: ParcelId, session: Session, account: CurrentAccount
) -> Parcel:
    """Return one of your parcels, or refuse."""
    parcel = await session.get(Parcel, parcel_id)
    if parcel is None or parcel.owner_id != account.id:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "You have no such parcel.")
    return parcel


OwnParcel = Annotated[Parcel, Depends(own_parcel)]


@router.get("/{parcel_id}", response_model=ParcelRead)
async def read_parcel(parcel: OwnParcel) -> Parcel:
    """Return one of your parcels."""
    return parcel


@router.post("", status_code=status.HTTP_201_CREATED, response_model=ParcelRead)
async def hand_in(
    data: ParcelCreate, session: Session, account: CurrentAccount
) -> Parcel:
    """Hand in a parcel; it gets a tracking code of its own."""
    code = "WB" + f"{random.getrandbits(72):018X}"  # 72 bits: practically never twice
    parcel = Parcel(owner_id=account.id, tracking_code=code, **data.model_dump())
    session.add(parcel)
    await session.flush()
    await session.refresh(parcel)  # as the database has it: 19.90, not 19.9
    return parcel
