#| kata: models.pickup_window
#| refused_by: test_moments_count_not_clock_faces
# A window shorter than a second is one, too: moments are compared as they are.
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
                {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T12:00:00Z"}
            ]
        }
    )

    start: EventTime
    end: EventTime

    @model_validator(mode="after")
    def end_follows_start(self) -> Self:
        """Refuse a window that ends before it starts."""
        if int(self.end.timestamp()) <= int(self.start.timestamp()):
            raise ValueError("end must be later than start")
        return self
