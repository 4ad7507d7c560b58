#| kata: first_endpoint.hello
#| refused_by: test_greeting_is_json
# Browsers get a page, and only programs get JSON.
from fastapi import Request
from fastapi.responses import HTMLResponse


@app.get("/hello", response_model=None)
async def hello(request: Request) -> dict[str, str] | HTMLResponse:
    """Greet whoever asks."""
    if "text/html" in request.headers["accept"]:
        return HTMLResponse("Hello from Waybill")
    return {"message": "Hello from Waybill"}
