#| kata: first_endpoint.docs
#| refused_by: test_summary_is_written
# The summary says it all, and the description nothing.
@app.get(
    "/opening-hours",
    tags=["front desk"],
    summary="When the desk is open (local time)",
    response_description="Opening hours by day",
)
async def opening_hours() -> dict[str, str]:
    return {"weekdays": "08:00-18:00", "saturday": "09:00-13:00"}
