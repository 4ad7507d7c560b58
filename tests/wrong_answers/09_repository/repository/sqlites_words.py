#| kata: repository.repository
#| refused_by: test_a_refusal_has_a_class
# It knows a refusal by SQLite's words, and PostgreSQL has others.
from typing import Any, Generic, TypeVar

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

    async def get(self, *key: Any) -> Row | None:
        """Return the row with this key, if there is one."""
        return await self.session.get(self.table, key)

    async def add(self, row: Row) -> Row:
        """Send a row to the database; RefusedError if a rule forbids it."""
        self.session.add(row)
        try:
            await self.session.flush()
        except IntegrityError as error:
            if "constraint failed" not in str(error.orig):
                raise
            raise RefusedError from error
        return row
