#| kata: first_endpoint.hello
#| refused_by: test_greeting_is_json
# The greeting as plain text, not as JSON.
from fastapi.responses import PlainTextResponse


@app.get("/hello", response_class=PlainTextResponse)
async def hello() -> str:
    """Greet whoever asks."""
    return "Hello from Waybill"
