#| kata: first_endpoint.hello
#| refused_by: test_hello_is_found
# A parameter without a default has to be sent: 422.
@app.get("/hello")
async def hello(name: str) -> dict[str, str]:
    """Greet whoever asks."""
    return {"message": "Hello from Waybill"}
