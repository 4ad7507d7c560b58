#| kata: first_endpoint.visit
#| refused_by: test_docs_promise_created
# Created, and left out of the docs.
from uuid import uuid4

from fastapi import status


@app.post("/visits", status_code=status.HTTP_201_CREATED, include_in_schema=False)
async def sign_in(name: str) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": str(uuid4()), "visitor": name}
