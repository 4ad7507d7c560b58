#| kata: repository.repository
#| refused_by: test_it_stays_generic
# The class serves every table, and no type says which one.
from typing import Generic, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.tables import Base

Row = TypeVar("Row", bound=Base)


class RefusedError(Exception):
    """A rule of the database forbids this row; roll back."""


class Repository:
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
