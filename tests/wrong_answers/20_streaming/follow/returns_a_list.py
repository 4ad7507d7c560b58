#| kata: streaming.follow
#| refused_by: test_what_there_is_comes_at_once
# Returns the scans instead of yielding them.
from sqlalchemy import select

from waybill.database import Sessions
from waybill.schemas import ScanKind
from waybill.tables import Scan


async def follow(
    sessions: Sessions, parcel_id: int, after: int = 0, pause: float = 1
) -> list[Scan]:
    """Yield a parcel's scans after this one, then those to come, until delivery.

    Looks for new ones every `pause` seconds, and holds no connection meanwhile.
    """
    query = select(Scan).where(Scan.parcel_id == parcel_id).order_by(Scan.id)
    async with sessions() as session:
        scans = (await session.scalars(query)).all()
    return list(scans)
