#| kata: first_endpoint.docs
#| refused_by: test_hours_are_still_answered
# The summary replaced the path.
@app.get(
    "/When the desk is open",
    tags=["front desk"],
    summary="When the desk is open",
    response_description="Opening hours by day",
)
async def opening_hours() -> dict[str, str]:
    """Regular hours. All times are local to the depot."""
    return {"weekdays": "08:00-18:00", "saturday": "09:00-13:00"}
