#| kata: first_endpoint.hello
#| refused_by: test_greeting_is_json
# A header says which language the client reads, and the greeting follows it.
from typing import Annotated

from fastapi import Header

GREETINGS = {"en": "Hello from Waybill", "de": "Hallo von Waybill"}


@app.get("/hello")
async def hello(accept_language: Annotated[str, Header()] = "en") -> dict[str, str]:
    """Greet in the client's language."""
    return {"message": GREETINGS.get(accept_language[:2].lower(), GREETINGS["en"])}
