#| kata: first_endpoint.hello
#| refused_by: test_greeting_is_json
# A parameter lets every visitor choose the greeting.
@app.get("/hello")
async def hello(message: str = "Hello from Waybill") -> dict[str, str]:
    """Greet whoever asks."""
    return {"message": message}
