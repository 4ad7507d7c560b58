from functools import partial
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Path, Response, status
from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, func, select
from sqlalchemy.orm import selectinload

from waybill.cache import AppCache
from waybill.database import AppSessions, Session, Sessions
from waybill.dependencies import CurrentAccount
from waybill.parcels import ScanRead
from waybill.schemas import ScanKind
from waybill.tables import Parcel, Scan

# kata: caching.tracking
router = APIRouter()
TrackingCode = Annotated[str, Path(pattern="^[0-9A-Z]{1,20}$")]


def tracking_key(code: str) -> str:
    """Return the name under which a cache keeps what is known of a parcel."""
    return f"track:{code}"


class Tracking(BaseModel):
    """What anybody may see who knows a parcel's code: no person, and no value."""

    model_config = ConfigDict(from_attributes=True)

    tracking_code: str
    scans: list[ScanRead]


async def load_tracking(sessions: Sessions, code: str) -> str | None:
    """Return what anybody may know of a parcel, as JSON; None if there is none."""
    query = select(Parcel).where(Parcel.tracking_code == code)
    async with sessions() as session:
        parcel = await session.scalar(query.options(selectinload(Parcel.scans)))
    return Tracking.model_validate(parcel).model_dump_json() if parcel else None


# kata: caching.etag
def etag_of(text: str) -> str:
    """Return the name of this version of an answer."""
    return f'W/"{sha256(text.encode()).hexdigest()[:32]}"'


def is_known(etag: str, if_none_match: str | None) -> bool:
    """Tell whether a client says that it has this version."""
    entries = (if_none_match or "").split(",")
    known = [entry.strip().removeprefix("W/") for entry in entries]
    return "*" in known or etag.removeprefix("W/") in known


@router.get(
    "/track/{code}",
    response_model=Tracking,
    responses={304: {"description": "What you have is still good."}},
)
async def track(
    code: TrackingCode,
    sessions: AppSessions,
    cache: AppCache,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Return what anybody may know of a parcel, unless the client has it already."""
    load = partial(load_tracking, sessions, code)
    text = await cache.get(tracking_key(code), load)
    if text is None:
        raise HTTPException(
            status.HTTP_404_NOT_FOUND,
            "There is no such parcel.",
            {"Cache-Control": "no-store"},
        )
    etag = etag_of(text)
    headers = {"Cache-Control": "public, no-cache", "ETag": etag}
    if is_known(etag, if_none_match):
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(text, headers=headers, media_type="application/json")


# kata: performance.held
class Summary(BaseModel):
    """How many parcels somebody has sent, and how many have come so far."""

    kind: ScanKind
    parcels: int
    scanned: int


async def load_summary(sessions: Sessions, account_id: int, kind: ScanKind) -> str:
    """Count somebody's parcels, and those with a scan of a kind; return JSON."""
    scanned = and_(Scan.parcel_id == Parcel.id, Scan.kind == kind)
    query = (
        select(func.count(Parcel.id.distinct()), func.count(Scan.parcel_id.distinct()))
        .outerjoin(Scan, scanned)
        .where(Parcel.owner_id == account_id)
    )
    async with sessions() as session:
        parcels, count = (await session.execute(query)).one()
    return Summary(kind=kind, parcels=parcels, scanned=count).model_dump_json()


@router.get("/summary", response_model=Summary)
async def read_summary(
    account: CurrentAccount,
    session: Session,
    sessions: AppSessions,
    cache: AppCache,
    kind: ScanKind = ScanKind.DELIVERED,
) -> Response:
    """Return how many of your parcels have come how far; up to a minute old."""
    await session.commit()  # its connection goes back before anybody waits
    load = partial(load_summary, sessions, account.id, kind)
    text = await cache.get(f"summary:{account.id}:{kind}", load)
    headers = {"Cache-Control": "no-store"}
    return Response(text, headers=headers, media_type="application/json")
