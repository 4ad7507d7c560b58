#| kata: first_endpoint.docs
#| refused_by: test_description_says_local
# An f-string is no docstring.
@app.get(
    "/opening-hours",
    tags=["front desk"],
    summary="When the desk is open",
    response_description="Opening hours by day",
)
async def opening_hours() -> dict[str, str]:
    f"""Regular hours. All times are {"local"} to the depot."""
    return {"weekdays": "08:00-18:00", "saturday": "09:00-13:00"}
