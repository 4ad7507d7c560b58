#| kata: first_endpoint.hello
#| refused_by: test_hello_is_found
# The function is right, and nothing ties it to a path.
async def hello() -> dict[str, str]:
    """Greet whoever asks."""
    return {"message": "Hello from Waybill"}
