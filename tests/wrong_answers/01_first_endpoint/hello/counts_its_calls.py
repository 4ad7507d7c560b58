#| kata: first_endpoint.hello
#| refused_by: test_greeting_stays_the_same
# Shared state: every request changes what the next one gets.
from itertools import count

calls = count(1)


@app.get("/hello")
async def hello() -> dict[str, str | int]:
    """Greet whoever asks."""
    return {"message": "Hello from Waybill", "call": next(calls)}
