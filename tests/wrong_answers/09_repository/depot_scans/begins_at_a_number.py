#| kata: repository.depot_scans
#| refused_by: test_the_highest_id_is_first
# Whatever has a higher id is on no page.
from typing import Annotated

from fastapi import Path, Query, Request, Response
from sqlalchemy import select

from waybill.database import Session
from waybill.parcels import Courier, ScanRead
from waybill.tables import Parcel, Scan


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
    before: Annotated[int, Query(ge=1, le=2**63 - 1)] = 2**31 - 1,
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
