#| kata: first_endpoint.visit
#| refused_by: test_every_visit_has_an_id
# A default value runs once, when the function is defined.
from uuid import uuid4

from fastapi import status


@app.post("/visits", status_code=status.HTTP_201_CREATED)
async def sign_in(name: str, visit_id: str = str(uuid4())) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": visit_id, "visitor": name}
