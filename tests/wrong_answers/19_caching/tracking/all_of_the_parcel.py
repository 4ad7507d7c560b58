#| kata: caching.tracking
#| refused_by: test_nothing_else_is_in_it
# Everything that the sender reads, to anybody.
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from waybill.database import Sessions
from waybill.parcels import ScanRead
from waybill.schemas import ParcelRead
from waybill.tables import Parcel

router = APIRouter()
TrackingCode = Annotated[str, Path(pattern="^[0-9A-Z]{1,20}$")]


def tracking_key(code: str) -> str:
    """Return the name under which a cache keeps what is known of a parcel."""
    return f"track:{code}"


class Tracking(ParcelRead):
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
