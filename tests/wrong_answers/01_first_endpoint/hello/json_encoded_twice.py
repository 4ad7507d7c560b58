#| kata: first_endpoint.hello
#| refused_by: test_greeting_is_json
# json.dumps makes text, and FastAPI makes JSON text of that text.
import json


@app.get("/hello")
async def hello() -> str:
    """Greet whoever asks."""
    return json.dumps({"message": "Hello from Waybill"})
