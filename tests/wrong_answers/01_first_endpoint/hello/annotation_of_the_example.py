#| kata: first_endpoint.hello
#| refused_by: test_hello_is_found
# The annotation still says list; a dict breaks that promise.
@app.get("/hello")
async def hello() -> list[str]:
    """Greet whoever asks."""
    return {"message": "Hello from Waybill"}
