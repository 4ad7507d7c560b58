"""Operations: parcels changed and withdrawn, and what depots have scanned."""

import re
from typing import Annotated

from fastapi import (
    APIRouter,
    Depends,
    Header,
    HTTPException,
    Path,
    Query,
    Request,
    Response,
    status,
)
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from waybill.database import Session
from waybill.dependencies import CurrentAccount, PageQuery
from waybill.parcels import Courier, OwnParcel, ScanRead, etag
from waybill.repository import Changes
from waybill.schemas import ParcelRead, ParcelUpdate
from waybill.store import OnItsWayError, StaleError, change_parcel, claim
from waybill.tables import Change, Parcel, Scan

# kata: repository.edit
router = APIRouter()


class ChangeRead(BaseModel):
    """What a sender sees of a change."""

    number: int
    at: AwareDatetime
    by: str


@router.get("/parcels/{parcel_id}/changes")
async def list_changes(
    page: PageQuery, parcel: OwnParcel, session: Session
) -> list[ChangeRead]:
    """Return who changed one of your parcels, and when."""
    changes = await Changes(session).history(parcel.id, page.limit, page.after)
    return [
        ChangeRead(number=one.number, at=one.at, by=one.account.email)
        for one in changes
    ]


async def seen_version(if_match: Annotated[str | None, Header()] = None) -> int:
    """Return the version that a client has seen, by its If-Match."""
    if if_match is None:
        raise HTTPException(
            status.HTTP_428_PRECONDITION_REQUIRED,
            "Read the parcel, and send its ETag as If-Match.",
        )
    tag = re.fullmatch(r'"([0-9]{1,18})"', if_match)
    if tag is None:
        raise HTTPException(
            status.HTTP_412_PRECONDITION_FAILED, "If-Match is no version of a parcel."
        )
    return int(tag[1])


SeenVersion = Annotated[int, Depends(seen_version)]


@router.patch("/parcels/{parcel_id}", response_model=ParcelRead)
async def edit_parcel(
    parcel: OwnParcel,
    seen: SeenVersion,
    data: ParcelUpdate,
    session: Session,
    account: CurrentAccount,
    response: Response,
) -> Parcel:
    """Change what you send, if you have seen the newest version."""
    try:
        version = await change_parcel(session, parcel, data, account, seen)
    except StaleError:
        raise HTTPException(
            status.HTTP_412_PRECONDITION_FAILED,
            "The parcel was changed. Read it again.",
        ) from None
    except OnItsWayError:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "The parcel is on its way."
        ) from None
    response.headers["ETag"] = etag(version)
    return parcel


# kata: repository.withdraw
@router.delete("/parcels/{parcel_id}", status_code=status.HTTP_204_NO_CONTENT)
async def withdraw_parcel(
    parcel: OwnParcel, seen: SeenVersion, session: Session, account: CurrentAccount
) -> None:
    """Take back one of your parcels, if no courier has scanned it."""
    try:
        await claim(session, parcel, account, seen)
        await session.execute(delete(Change).where(Change.parcel_id == parcel.id))
        await session.execute(delete(Parcel).where(Parcel.id == parcel.id))
    except StaleError:
        raise HTTPException(
            status.HTTP_412_PRECONDITION_FAILED,
            "The parcel was changed. Read it again.",
        ) from None
    except IntegrityError:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "The parcel is on its way."
        ) from None


# kata: repository.depot_scans
class DepotScan(ScanRead):
    """A scan as its depot sees it."""

    id: int
    tracking_code: str


@router.get("/depots/{depot}/scans")
async def depot_scans(
    depot: Annotated[str, Path(pattern=r"^[A-Z]{3}$")],
    session: Session,
    _courier: Courier,
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    before: Annotated[int, Query(ge=1, le=2**63 - 1)] = 2**63 - 1,
) -> list[DepotScan]:
    """Return a page of a depot's scans, the newest first."""
    query = (
        select(Scan, Parcel.tracking_code)
        .join(Parcel, Parcel.id == Scan.parcel_id)
        .where(Scan.depot == depot, Scan.id < before)
        .order_by(Scan.id.desc())
        .limit(limit + 1)  # one more: is there a next page?
    )
    rows = (await session.execute(query)).all()
    if len(rows) > limit:
        last = rows[limit - 1][0].id
        link = f"{request.url.path}?limit={limit}&before={last}"
        response.headers["Link"] = f'<{link}>; rel="next"'
    return [
        DepotScan(
            id=scan.id, depot=depot, kind=scan.kind, at=scan.at, tracking_code=code
        )
        for scan, code in rows[:limit]
    ]
