#| kata: repository.edit
#| refused_by: test_another_version_is_refused
# Where nothing is sent, nobody asks for the version.
import re
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Response, status
from pydantic import AwareDatetime, BaseModel

from waybill.database import Session
from waybill.dependencies import CurrentAccount, PageQuery
from waybill.parcels import OwnParcel, etag
from waybill.repository import Changes
from waybill.schemas import ParcelRead, ParcelUpdate
from waybill.store import OnItsWayError, StaleError, change_parcel
from waybill.tables import Parcel

router = APIRouter()


# Given: what a sender reads of the changes. Your task begins at `seen_version`.
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


async def seen_version(
    _parcel: OwnParcel, if_match: Annotated[str | None, Header()] = None
) -> int:
    """Return the version that a client has seen."""
    if if_match is None:
        raise HTTPException(
            status.HTTP_428_PRECONDITION_REQUIRED, "Say which version you have read."
        )
    tag = re.fullmatch(r'"([0-9]{1,18})"', if_match)
    if tag is None:
        raise HTTPException(
            status.HTTP_412_PRECONDITION_FAILED, "This is no version of a parcel."
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
    if not data.model_dump():
        return parcel
    try:
        version = await change_parcel(session, parcel, data, account, seen)
    except StaleError:
        raise HTTPException(
            status.HTTP_412_PRECONDITION_FAILED, "The parcel has changed meanwhile."
        ) from None
    except OnItsWayError:
        raise HTTPException(
            status.HTTP_409_CONFLICT, "The parcel is on its way."
        ) from None
    response.headers["ETag"] = etag(version)
    return parcel
