#| kata: models.pickup_window
#| refused_by: test_a_window_is_accepted
# Compares the times of day and forgets the days.
from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, ConfigDict, Field, model_validator


EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
EventTime = Annotated[AwareDatetime, Field(ge=EARLIEST, lt=LATEST)]


class PickupWindow(RequestModel):
    """When a courier may come for a parcel."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "start": "2026-03-02T09:00:00+01:00",
                    "end": "2026-03-02T12:00:00+01:00",
                }
            ]
        }
    )

    start: EventTime
    end: EventTime

    @model_validator(mode="after")
    def end_follows_start(self) -> Self:
        """Refuse a window that ends before it starts."""
        if self.end.timetz() <= self.start.timetz():
            raise ValueError("end must be later than start")
        return self
