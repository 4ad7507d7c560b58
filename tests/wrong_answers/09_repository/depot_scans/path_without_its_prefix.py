#| kata: repository.depot_scans
#| refused_by: test_the_link_names_no_host
# Below /v1 the link leads to a path that doesn't exist.
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
    request: Request,
    response: Response,
    _courier: Courier,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> list[DepotScan]:
    """Return a page of a depot's scans, the newest first."""
    query = (
        select(Scan, Parcel.tracking_code)
        .join(Parcel, Parcel.id == Scan.parcel_id)
        .where(Scan.depot == depot)
        .order_by(Scan.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(Scan.id < before)
    rows = (await session.execute(query)).all()
    page = [
        DepotScan(id=scan.id, depot=depot, kind=scan.kind, at=scan.at, tracking_code=code)
        for scan, code in rows[:limit]
    ]
    if len(rows) > limit:
        link = f"/depots/{depot}/scans?limit={limit}&before={page[-1].id}"
        response.headers["Link"] = f'<{link}>; rel="next"'
    return page
