#| kata: first_endpoint.hello
#| refused_by: test_hello_is_found
# json.dumps makes text, and the annotation promises a dict.
import json


@app.get("/hello")
async def hello() -> dict[str, str]:
    """Greet whoever asks."""
    return json.dumps({"message": "Hello from Waybill"})
