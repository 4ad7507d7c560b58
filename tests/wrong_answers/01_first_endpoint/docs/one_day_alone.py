#| kata: first_endpoint.docs
#| refused_by: test_hours_are_still_answered
# Somebody who asks for one day gets that day alone: a new feature.
@app.get(
    "/opening-hours",
    tags=["front desk"],
    summary="When the desk is open",
    response_description="Opening hours by day",
)
async def opening_hours(day: str | None = None) -> dict[str, str]:
    """All times are local. With `?day=saturday`, only that day."""
    hours = {"weekdays": "08:00-18:00", "saturday": "09:00-13:00"}
    return hours if day is None else {day: hours.get(day, "closed")}
