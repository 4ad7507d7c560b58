#| kata: first_endpoint.hello
#| refused_by: test_greeting_stays_the_same
# The first visitor after a start is greeted in a special way.
welcomes = ["Hello, you are the first"]


@app.get("/hello")
async def hello() -> dict[str, str]:
    """Greet whoever asks."""
    return {"message": welcomes.pop() if welcomes else "Hello from Waybill"}
