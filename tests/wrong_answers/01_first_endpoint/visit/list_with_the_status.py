#| kata: first_endpoint.visit
#| refused_by: test_visitor_is_named
# The right status, and Flask's pair in the body as well.
from uuid import uuid4

from fastapi import status


@app.post("/visits", status_code=status.HTTP_201_CREATED)
async def sign_in(name: str) -> tuple[dict[str, str], int]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": str(uuid4()), "visitor": name}, 201
