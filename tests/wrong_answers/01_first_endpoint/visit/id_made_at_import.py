#| kata: first_endpoint.visit
#| refused_by: test_every_visit_has_an_id
# The line outside the function runs once.
from uuid import uuid4

from fastapi import status

visit_id = str(uuid4())


@app.post("/visits", status_code=status.HTTP_201_CREATED)
async def sign_in(name: str) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": visit_id, "visitor": name}
