#| kata: first_endpoint.hello
#| refused_by: test_hello_is_found
# The wrong method.
@app.post("/hello")
async def hello() -> dict[str, str]:
    """Greet whoever asks."""
    return {"message": "Hello from Waybill"}
