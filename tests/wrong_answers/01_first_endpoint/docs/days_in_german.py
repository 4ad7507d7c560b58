#| kata: first_endpoint.docs
#| refused_by: test_hours_are_still_answered
# The days are translated for those who read German.
from typing import Annotated

from fastapi import Header


@app.get(
    "/opening-hours",
    tags=["front desk"],
    summary="When the desk is open",
    response_description="Opening hours by day",
)
async def opening_hours(accept_language: Annotated[str, Header()] = "en") -> dict[str, str]:
    """All times are local."""
    if accept_language.startswith("de"):
        return {"werktags": "08:00-18:00", "samstags": "09:00-13:00"}
    return {"weekdays": "08:00-18:00", "saturday": "09:00-13:00"}
