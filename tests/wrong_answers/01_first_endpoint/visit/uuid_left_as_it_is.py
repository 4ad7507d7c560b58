#| kata: first_endpoint.visit
#| refused_by: test_visit_is_created
# A UUID is no text, and the annotation promises texts.
from uuid import uuid4

from fastapi import status


@app.post("/visits", status_code=status.HTTP_201_CREATED)
async def sign_in(name: str) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": uuid4(), "visitor": name}
