#| kata: performance.held
#| refused_by: test_nothing_is_held_while_the_cache_is_asked
# The load commits, after the cache was asked.
from sqlalchemy import and_, func

from waybill.database import AppSessions, Session, Sessions
from waybill.dependencies import CurrentAccount
from waybill.schemas import ScanKind
from waybill.tables import Scan


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

    async def load() -> str:
        await session.commit()
        return await load_summary(sessions, account.id, kind)

    text = await cache.get(f"summary:{account.id}:{kind}", load)
    headers = {"Cache-Control": "no-store"}
    return Response(text, headers=headers, media_type="application/json")
