#| kata: first_endpoint.docs
#| refused_by: test_answer_is_described
# OpenAPI has a place for it, and it stayed empty.
@app.get(
    "/opening-hours",
    tags=["front desk"],
    summary="When the desk is open",
)
async def opening_hours() -> dict[str, str]:
    """All times are local. Returns: Opening hours by day."""
    return {"weekdays": "08:00-18:00", "saturday": "09:00-13:00"}
