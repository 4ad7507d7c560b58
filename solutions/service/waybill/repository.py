"""Rows of Waybill's tables, found and kept; others say what they mean."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from waybill.tables import Base, Change

# kata: repository.repository
Row = TypeVar("Row", bound=Base)


class RefusedError(Exception):
    """A rule of the database forbids this row; roll back."""


class Repository(Generic[Row]):
    """The rows of one table, in a session that somebody else opened."""

    def __init__(self, session: AsyncSession, table: type[Row]) -> None:
        self.session = session
        self.table = table

    async def get(self, *key: int) -> Row | None:
        """Return the row with this key, if there is one."""
        return await self.session.get(self.table, key)

    async def add(self, row: Row) -> Row:
        """Keep a row; `RefusedError` if a rule of its table forbids it."""
        self.session.add(row)
        try:
            await self.session.flush()
        except IntegrityError:
            raise RefusedError(self.table.__tablename__) from None
        return row


# kata: repository.changes
class Changes(Repository[Change]):
    """The changes of parcels."""

    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session, Change)

    async def version(self, parcel_id: int) -> int:
        """Return the number of a parcel's last change; 0 if there is none."""
        query = select(func.max(Change.number)).where(Change.parcel_id == parcel_id)
        return await self.session.scalar(query) or 0

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
