#| kata: models.pickup_window
#| refused_by: test_the_docs_show_a_window_that_works
# Mends the crash and leaves the docs page to make times up.
from typing import Self

from pydantic import AwareDatetime, model_validator


class PickupWindow(RequestModel):
    """When a courier may come for a parcel."""

    start: AwareDatetime
    end: AwareDatetime

    @model_validator(mode="after")
    def end_follows_start(self) -> Self:
        """Refuse a window that ends before it starts."""
        if self.end <= self.start:
            raise ValueError("end must be later than start")
        return self
