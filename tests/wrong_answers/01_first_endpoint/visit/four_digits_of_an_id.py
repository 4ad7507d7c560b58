#| kata: first_endpoint.visit
#| refused_by: test_an_id_is_long_enough
# A short id looks nicer, and soon comes twice.
from uuid import uuid4

from fastapi import status


@app.post("/visits", status_code=status.HTTP_201_CREATED)
async def sign_in(name: str) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": str(uuid4())[:4], "visitor": name}
