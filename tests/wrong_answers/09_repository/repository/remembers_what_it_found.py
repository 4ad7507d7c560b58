#| kata: repository.repository
#| refused_by: test_a_row_is_sent_and_returned
# What wasn't there a moment ago may have been added since.
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
        self.found: dict[Any, Any] = {}

    async def get(self, *key: Any) -> Row | None:  # noqa: ANN401
        """Return the row with this key, if there is one."""
        if key not in self.found:
            self.found[key] = await self.session.get(self.table, key)
        return self.found[key]

    async def add(self, row: Row) -> Row:
        """Send a row to the database."""
        self.session.add(row)
        try:
            await self.session.flush()
        except IntegrityError as error:
            raise RefusedError from error
        return row
