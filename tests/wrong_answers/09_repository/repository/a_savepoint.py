#| kata: repository.repository
#| refused_by: test_nothing_is_committed
# On SQLite, the savepoint that ends is all there is.
from typing import Generic, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.tables import Base

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
        try:
            async with self.session.begin_nested():
                self.session.add(row)
        except IntegrityError:
            raise RefusedError(self.table.__tablename__) from None
        return row
