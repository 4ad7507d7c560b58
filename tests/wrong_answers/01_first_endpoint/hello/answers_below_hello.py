#| kata: first_endpoint.hello
#| refused_by: test_other_paths_are_not_found
# The path parameter swallows all that follows, /hello/again too.
@app.get("/hello")
@app.get("/hello/{rest:path}")
async def hello(rest: str = "") -> dict[str, str]:
    """Greet whoever asks."""
    return {"message": "Hello from Waybill"}
