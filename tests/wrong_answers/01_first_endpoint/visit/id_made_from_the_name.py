#| kata: first_endpoint.visit
#| refused_by: test_every_visit_has_an_id
# The same visitor gets the same id again.
from uuid import NAMESPACE_URL, uuid5

from fastapi import status


@app.post("/visits", status_code=status.HTTP_201_CREATED)
async def sign_in(name: str) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": str(uuid5(NAMESPACE_URL, name)), "visitor": name}
