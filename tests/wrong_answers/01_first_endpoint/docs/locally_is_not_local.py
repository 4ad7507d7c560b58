#| kata: first_endpoint.docs
#| refused_by: test_description_says_local
# The word stands in another one, and says nothing about the times.
@app.get(
    "/opening-hours",
    tags=["front desk"],
    summary="When the desk is open",
    response_description="Opening hours by day",
)
async def opening_hours() -> dict[str, str]:
    """Our localised hours, for everybody in the locality."""
    return {"weekdays": "08:00-18:00", "saturday": "09:00-13:00"}
