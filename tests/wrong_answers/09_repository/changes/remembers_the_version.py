#| kata: repository.changes
#| refused_by: test_a_version_is_the_last_number
# Somebody may have changed the parcel since: each call asks the database.
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from waybill.tables import Change


class Changes(Repository[Change]):
    """The changes of parcels."""

    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session, Change)
        self.seen: dict[int, int] = {}

    async def version(self, parcel_id: int) -> int:
        """Return the number of a parcel's last change; 0 if there is none."""
        query = select(func.max(Change.number)).where(Change.parcel_id == parcel_id)
        if parcel_id not in self.seen:
            self.seen[parcel_id] = await self.session.scalar(query) or 0
        return self.seen[parcel_id]

    async def history(
        self, parcel_id: int, limit: int = 100, after: int = 0
    ) -> Sequence[Change]:
        """Return a page of a parcel's changes, each with the account that made it."""
        query = (
            select(Change)
            .where(Change.parcel_id == parcel_id, Change.number > after)
            .order_by(Change.number)
            .limit(limit)
            .options(joinedload(Change.account))
        )
        return (await self.session.scalars(query)).all()
