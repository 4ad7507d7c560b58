#| kata: permissions.depot
#| refused_by: test_it_is_set_once_a_minute
# `.seconds` of a timedelta leaves out its days.
from datetime import datetime, timedelta

from fastapi import Depends, Path, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from waybill.database import AppSessions
from waybill.keys import find_key, make_key
from waybill.parcels import ScanRead, keep_scan
from waybill.schemas import EventTime, Grams, ScanCreate, ScanKind
from waybill.tables import ApiKey, Scan, now

QUIET = timedelta(minutes=1)
shown_key = HTTPBearer(scheme_name="DepotKey", auto_error=False)


async def depot_key(
    shown: Annotated[HTTPAuthorizationCredentials | None, Depends(shown_key)],
    sessions: AppSessions,
) -> ApiKey:
    """Return the key that a scanner shows, and note its use; 401 for all others."""
    async with sessions.begin() as session:
        key = await find_key(session, shown.credentials if shown else "")
        at = now()
        if key is not None and (key.last_used is None or (at - key.last_used).seconds >= QUIET.seconds):
            key.last_used = at
    if key is None:
        raise HTTPException(
            status.HTTP_401_UNAUTHORIZED,
            "This is no key.",
            {"WWW-Authenticate": "Bearer"},
        )
    return key


# Given: the routes. Your task ends here.
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
