#| kata: first_endpoint.hello
#| refused_by: test_greeting_is_json
# The right text under another key.
@app.get("/hello")
async def hello() -> dict[str, str]:
    """Greet whoever asks."""
    return {"greeting": "Hello from Waybill"}
