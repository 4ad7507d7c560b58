#| kata: database.column_types
#| refused_by: test_a_naive_time_is_refused
# A tzinfo that doesn't know its offset is taken for one that does.
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
        if value.tzinfo is None:
            raise ValueError(f"{value} has no offset")
        try:
            return value.astimezone(UTC)
        except OverflowError:
            raise ValueError(f"{value} is out of range") from None

    def process_result_value(
        self, value: datetime | None, _dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)
