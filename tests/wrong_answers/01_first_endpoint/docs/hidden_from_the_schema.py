#| kata: first_endpoint.docs
#| refused_by: test_summary_is_written
# Documented well, and left out of the documentation.
@app.get(
    "/opening-hours",
    tags=["front desk"],
    summary="When the desk is open",
    response_description="Opening hours by day",
    include_in_schema=False,
)
async def opening_hours() -> dict[str, str]:
    """Regular hours. All times are local to the depot."""
    return {"weekdays": "08:00-18:00", "saturday": "09:00-13:00"}
