#| kata: database.column_types
#| refused_by: test_it_is_the_same_moment
# A float of seconds loses microseconds, far from 1970.
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import DateTime, Dialect, Integer
from sqlalchemy.types import TypeDecorator


class Cents(TypeDecorator[Decimal]):
    """Euros as a whole number of cents, so that no database rounds them."""

    impl = Integer
    cache_ok = True

    def process_bind_param(
        self, value: Decimal | None, _dialect: Dialect
    ) -> int | None:
        """Turn euros into cents, on the way in; a part of a cent is refused."""
        if value is None:
            return None
        cents = int(value * 100)
        if Decimal(cents) / 100 != value:
            raise ValueError(f"{value} is no whole number of cents")
        return cents

    def process_result_value(
        self, value: int | None, _dialect: Dialect
    ) -> Decimal | None:
        """Turn cents into euros, on the way out."""
        return None if value is None else Decimal(value).scaleb(-2)


class Moment(TypeDecorator[datetime]):
    """A moment, whichever offset it was told in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, _dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"{value} has no offset")
        return datetime.fromtimestamp(value.timestamp(), UTC)

    def process_result_value(
        self, value: datetime | None, _dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)
