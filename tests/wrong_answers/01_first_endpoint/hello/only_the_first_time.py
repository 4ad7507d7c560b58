#| kata: first_endpoint.hello
#| refused_by: test_greeting_stays_the_same
# The shared dict is emptied by the first visitor.
greeting = {"message": "Hello from Waybill"}


@app.get("/hello")
async def hello() -> dict[str, str]:
    """Greet whoever asks."""
    answer = dict(greeting)
    greeting["message"] = "Hello again"
    return answer
