#| kata: first_endpoint.docs
#| refused_by: test_answer_is_described
# The text went to 201, which never comes.
@app.get(
    "/opening-hours",
    tags=["front desk"],
    summary="When the desk is open",
    responses={201: {"description": "Opening hours by day"}},
)
async def opening_hours() -> dict[str, str]:
    """Regular hours. All times are local to the depot."""
    return {"weekdays": "08:00-18:00", "saturday": "09:00-13:00"}
