#| kata: first_endpoint.hello
#| refused_by: test_only_get_is_allowed
# Any method that came to mind.
@app.api_route("/hello", methods=["GET", "POST"])
async def hello() -> dict[str, str]:
    """Greet whoever asks."""
    return {"message": "Hello from Waybill"}
