#| kata: models.pickup_window
#| refused_by: test_a_time_without_offset_is_the_clients_mistake
# The guide's version: naive against aware is a TypeError, and so a 500.
from datetime import UTC, datetime
from typing import Self

from pydantic import model_validator


EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
EventTime = datetime


class PickupWindow(RequestModel):
    """When a courier may come for a parcel."""

    start: EventTime
    end: EventTime

    @model_validator(mode="after")
    def end_follows_start(self) -> Self:
        """Refuse a window that ends before it starts."""
        if self.end <= self.start:
            raise ValueError("end must be later than start")
        return self
