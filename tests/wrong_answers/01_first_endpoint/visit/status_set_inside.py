#| kata: first_endpoint.visit
#| refused_by: test_docs_promise_created
# The client gets 201, the documentation still promises 200.
from uuid import uuid4

from fastapi import Response


@app.post("/visits")
async def sign_in(name: str, response: Response) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    response.status_code = 201
    return {"id": str(uuid4()), "visitor": name}
