#| kata: first_endpoint.hello
#| refused_by: test_greeting_is_json
# The dict is made and thrown away: the body is null.
@app.get("/hello")
async def hello() -> None:
    """Greet whoever asks."""
    {"message": "Hello from Waybill"}
