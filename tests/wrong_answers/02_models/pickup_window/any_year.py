#| kata: models.pickup_window
#| refused_by: test_a_time_is_not_centuries_away
# An offset is there, and so is the year 1.
from typing import Self

from pydantic import AwareDatetime, ConfigDict, model_validator


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

    start: AwareDatetime
    end: AwareDatetime

    @model_validator(mode="after")
    def end_follows_start(self) -> Self:
        """Refuse a window that ends before it starts."""
        if self.end <= self.start:
            raise ValueError("end must be later than start")
        return self
