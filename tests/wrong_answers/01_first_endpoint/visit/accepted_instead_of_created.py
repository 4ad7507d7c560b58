#| kata: first_endpoint.visit
#| refused_by: test_visit_is_created
# 202 promises to do it later.
from uuid import uuid4

from fastapi import status


@app.post("/visits", status_code=status.HTTP_202_ACCEPTED)
async def sign_in(name: str) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": str(uuid4()), "visitor": name}
