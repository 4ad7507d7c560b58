#| kata: first_endpoint.hello
#| refused_by: test_hello_is_found
# /hello/ is another path: /hello is answered by a redirect.
@app.get("/hello/")
async def hello() -> dict[str, str]:
    """Greet whoever asks."""
    return {"message": "Hello from Waybill"}
