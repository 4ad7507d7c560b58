#| kata: first_endpoint.hello
#| refused_by: test_greeting_is_json
# A cookie says who asks, and the greeting names that person.
from fastapi import Request


@app.get("/hello")
async def hello(request: Request) -> dict[str, str]:
    """Greet whoever asks, and members by their name."""
    if name := request.cookies.get("name"):
        return {"message": f"Hello {name}, from Waybill"}
    return {"message": "Hello from Waybill"}
