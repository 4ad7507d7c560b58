#| kata: first_endpoint.hello
#| refused_by: test_hello_is_found
# What is printed reaches the server's terminal, not the client.
@app.get("/hello")
async def hello() -> dict[str, str]:
    """Greet whoever asks."""
    print({"message": "Hello from Waybill"})
