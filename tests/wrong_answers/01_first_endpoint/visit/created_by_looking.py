#| kata: first_endpoint.visit
#| refused_by: test_looking_creates_nothing
# GET creates, too: a crawler would sign itself in.
from uuid import uuid4

from fastapi import status


@app.api_route(
    "/visits", methods=["GET", "POST"], status_code=status.HTTP_201_CREATED
)
async def sign_in(name: str) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": str(uuid4()), "visitor": name}
