#| kata: first_endpoint.hello
#| refused_by: test_other_paths_are_not_found
# A path parameter where a fixed path was meant.
@app.get("/{name}")
async def hello(name: str) -> dict[str, str]:
    """Greet whoever asks."""
    return {"message": "Hello from Waybill"}
