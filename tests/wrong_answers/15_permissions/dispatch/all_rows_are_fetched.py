#| kata: permissions.dispatch
#| refused_by: test_one_query
# All rows are fetched, and cut in Python.
from typing import Annotated

from fastapi import APIRouter, HTTPException, Security, status
from pydantic import BaseModel, Field
from sqlalchemy import delete, select

from waybill.database import Session
from waybill.dependencies import PageQuery
from waybill.parcels import ParcelId
from waybill.policy import may, permitted
from waybill.schemas import Address, RequestModel
from waybill.tables import Account, Assignment, Parcel, Role

router = APIRouter(prefix="/dispatch")
scanners = APIRouter()
"""Routes for scanners of depots, which have no account; there are none yet."""


class Job(BaseModel):
    """What couriers and dispatchers see of a parcel; its value stays inside."""

    id: int
    tracking_code: str
    to: Address
    weight_g: int
    courier_id: int | None


class ChosenCourier(RequestModel):
    """Who shall carry a parcel."""

    courier_id: int = Field(ge=1, le=2**63 - 1)


@router.put("/parcels/{parcel_id}/courier", status_code=status.HTTP_204_NO_CONTENT)
async def assign(
    parcel_id: ParcelId,
    data: ChosenCourier,
    session: Session,
    _account: Annotated[Account, Security(permitted, scopes=["parcels:assign"])],
) -> None:
    """Say who carries a parcel from now on."""
    # Its row stays locked until the commit: two dispatchers come one by one.
    parcel = await session.get(Parcel, parcel_id, with_for_update={"key_share": True})
    if parcel is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such parcel.")
    courier = await session.get(Account, data.courier_id)
    if courier is None or not courier.active or courier.role is not Role.COURIER:
        raise HTTPException(status.HTTP_409_CONFLICT, "There is no such courier.")
    await session.execute(delete(Assignment).where(Assignment.parcel_id == parcel_id))
    session.add(Assignment(parcel_id=parcel_id, courier_id=courier.id))


@router.get("/parcels")
async def list_jobs(
    page: PageQuery,
    session: Session,
    account: Annotated[Account, Security(permitted, scopes=["parcels:list"])],
) -> list[Job]:
    """Return a page of parcels: all of them, or those that you carry."""
    query = (
        select(Parcel, Assignment.courier_id)
        .outerjoin(Assignment, Assignment.parcel_id == Parcel.id)
        .where(Parcel.id > page.after)
        .order_by(Parcel.id)
    )
    if not may(account, "parcels:any"):
        query = query.where(Assignment.courier_id == account.id)
    return [
        Job(
            id=parcel.id,
            tracking_code=parcel.tracking_code,
            to=Address.model_validate(parcel.to),
            weight_g=parcel.weight_g,
            courier_id=courier_id,
        )
        for parcel, courier_id in (await session.execute(query)).all()[: page.limit]
    ]
