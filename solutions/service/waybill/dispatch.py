"""Dispatch: who carries what, who may do what, and the keys of depots."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Response, Security, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import MISSING, BaseModel, Field
from sqlalchemy import delete, select

from waybill.accounts import AccountRead
from waybill.database import AppSessions, Session
from waybill.dependencies import PageQuery
from waybill.keys import find_key, make_key
from waybill.parcels import ParcelId, ScanRead, keep_scan
from waybill.policy import may, permitted
from waybill.schemas import (
    Address,
    EventTime,
    Grams,
    RequestModel,
    ScanCreate,
    ScanKind,
)
from waybill.tables import Account, ApiKey, Assignment, Parcel, Role, Scan, now

# kata: permissions.dispatch
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
        .limit(page.limit)
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
        for parcel, courier_id in await session.execute(query)
    ]


# kata: permissions.accounts
AccountId = ParcelId  # the same bounds


class AccountUpdate(RequestModel):
    """What a dispatcher may change of an account; what is left out stays as it is."""

    role: Role | MISSING = MISSING
    active: bool | MISSING = MISSING


class AccountState(AccountRead):
    """What dispatchers see of an account."""

    active: bool


@router.patch("/accounts/{account_id}", response_model=AccountState)
async def change_account(
    account_id: AccountId,
    data: AccountUpdate,
    session: Session,
    asking: Annotated[Account, Security(permitted, scopes=["accounts:change"])],
) -> Account:
    """Change what somebody may do, or close an account; it counts at once."""
    if account_id == asking.id:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "Let another dispatcher change your account."
        )
    account = await session.get(Account, account_id)
    if account is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such account.")
    for name, value in data.model_dump().items():  # without what is MISSING
        setattr(account, name, value)
    return account


# kata: permissions.depot
QUIET = timedelta(minutes=1)
shown_key = HTTPBearer(scheme_name="DepotKey", auto_error=False)


async def depot_key(
    shown: Annotated[HTTPAuthorizationCredentials | None, Depends(shown_key)],
    sessions: AppSessions,
) -> ApiKey:
    """Return the key that a scanner shows, and note its use; 401 for all others."""
    async with sessions.begin() as session:  # its own: it ends before the route begins
        key = await find_key(session, shown.credentials if shown else "")
        if key and (key.last_used is None or now() - key.last_used > QUIET):
            key.last_used = now()
    if key is None:
        raise HTTPException(
            status.HTTP_401_UNAUTHORIZED,
            "Show a key of your depot.",
            {"WWW-Authenticate": "Bearer"},
        )
    return key


class CodeScan(RequestModel):
    """What a depot's scanner reports: it reads the code, and its key says the depot."""

    tracking_code: str = Field(pattern="^[0-9A-Z]{1,20}$")
    kind: ScanKind
    at: EventTime
    weight_g: Annotated[Grams, Field(strict=True)] | None = None


@scanners.post("/scans", status_code=status.HTTP_201_CREATED, response_model=ScanRead)
async def add_depot_scan(
    data: CodeScan, session: Session, key: Annotated[ApiKey, Depends(depot_key)]
) -> Scan:
    """Note what happened to a parcel at the depot of the key."""
    query = select(Parcel).where(Parcel.tracking_code == data.tracking_code)
    parcel = await session.scalar(query.with_for_update(key_share=True))
    if parcel is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such parcel.")
    scan = data.model_dump(exclude={"tracking_code"})
    return await keep_scan(session, parcel, ScanCreate(depot=key.depot, **scan))


class NewKey(RequestModel):
    """Which depot gets a key."""

    depot: str = Field(pattern="^[A-Z]{3}$")


class KeyRead(BaseModel):
    """What dispatchers see of a key."""

    prefix: str
    depot: str
    last_used: datetime | None
    revoked_at: datetime | None


class KeyShown(BaseModel):
    """A new key; nobody sees it again."""

    key: str
    prefix: str


Issuer = Annotated[Account, Security(permitted, scopes=["keys:change"])]
Prefix = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]


@router.post("/keys", status_code=status.HTTP_201_CREATED)
async def issue_key(
    data: NewKey, session: Session, _issuer: Issuer, response: Response
) -> KeyShown:
    """Make a key for the scanners of a depot."""
    key, row = make_key(data.depot)
    session.add(row)
    response.headers["Cache-Control"] = "no-store"
    return KeyShown(key=key, prefix=row.prefix)


@router.get("/keys", response_model=list[KeyRead])
async def list_keys(session: Session, _issuer: Issuer) -> list[ApiKey]:
    """Return all keys, and when each was last used."""
    query = select(ApiKey).order_by(ApiKey.depot, ApiKey.prefix)
    return [*await session.scalars(query)]


@router.delete("/keys/{prefix}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_key(prefix: Prefix, session: Session, _issuer: Issuer) -> None:
    """Revoke a key, from now on and for good."""
    row = await session.get(ApiKey, prefix)
    if row is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such key.")
    row.revoked_at = row.revoked_at or now()
