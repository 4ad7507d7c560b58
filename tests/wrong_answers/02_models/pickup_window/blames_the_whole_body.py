#| kata: models.pickup_window
#| refused_by: test_a_time_without_offset_is_the_clients_mistake
# Answers 422, but doesn't say which of the two times is wrong.
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

    start: datetime
    end: datetime

    @model_validator(mode="after")
    def end_follows_start(self) -> Self:
        """Refuse a window that ends before it starts."""
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a time needs an offset")
        if self.end <= self.start:
            raise ValueError("end must be later than start")
        return self
