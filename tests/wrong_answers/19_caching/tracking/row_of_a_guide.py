#| kata: caching.tracking
#| refused_by: test_the_text_is_the_json_of_a_tracking
# The row itself, as many guides keep it.
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel
from sqlalchemy import select

from waybill.database import Sessions
from waybill.parcels import ScanRead
from waybill.tables import Parcel

router = APIRouter()
TrackingCode = Annotated[str, Path(pattern="^[0-9A-Z]{1,20}$")]


def tracking_key(code: str) -> str:
    """Return the name under which a cache keeps what is known of a parcel."""
    return f"track:{code}"


class Tracking(BaseModel):
    """What anybody may see who knows a parcel's code."""

    tracking_code: str
    scans: list[ScanRead]


async def load_tracking(sessions: Sessions, code: str) -> Parcel | None:
    """Return what anybody may know of a parcel; None if there is none."""
    async with sessions() as session:
        return await session.scalar(select(Parcel).where(Parcel.tracking_code == code))
