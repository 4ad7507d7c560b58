#| kata: first_endpoint.docs
#| refused_by: test_tag_is_front_desk
# Tags are told apart by capitals: a second heading appears.
@app.get(
    "/opening-hours",
    tags=["Front desk"],
    summary="When the desk is open",
    response_description="Opening hours by day",
)
async def opening_hours() -> dict[str, str]:
    """Regular hours. All times are local to the depot."""
    return {"weekdays": "08:00-18:00", "saturday": "09:00-13:00"}
