#| kata: performance.day
#| refused_by: test_the_whole_day_and_no_more
# It counts scans with a weight only.
from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel
from sqlalchemy import func, select

from waybill.database import Session
from waybill.parcels import Courier
from waybill.schemas import ScanKind
from waybill.tables import Scan

router = APIRouter()


class DepotDay(BaseModel):
    """What happened at a depot on a day."""

    depot: str
    day: date
    scans: dict[ScanKind, int]


@router.get("/depots/{depot}/days/{day}")
async def read_day(
    depot: Annotated[str, Path(pattern=r"^[A-Z]{3}$")],
    day: date,
    session: Session,
    _courier: Courier,
) -> DepotDay:
    """Return how many scans of each kind a depot has made on a day, in UTC."""
    first = datetime.combine(day, time.min, UTC)
    last = datetime.combine(day, time.max, UTC)
    query = (
        select(Scan.kind, func.count(Scan.weight_g))
        .where(Scan.depot == depot, Scan.at >= first, Scan.at <= last)
        .group_by(Scan.kind)
    )
    rows = (await session.execute(query)).all()
    return DepotDay(depot=depot, day=day, scans=dict(rows))
