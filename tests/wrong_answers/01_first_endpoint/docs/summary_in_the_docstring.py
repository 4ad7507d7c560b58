#| kata: first_endpoint.docs
#| refused_by: test_summary_is_written
# The docstring is the description; the summary comes from the name.
@app.get(
    "/opening-hours",
    tags=["front desk"],
    response_description="Opening hours by day",
)
async def opening_hours() -> dict[str, str]:
    """When the desk is open.

    All times are local to the depot.
    """
    return {"weekdays": "08:00-18:00", "saturday": "09:00-13:00"}
