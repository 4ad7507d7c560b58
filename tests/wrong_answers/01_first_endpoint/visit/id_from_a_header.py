#| kata: first_endpoint.visit
#| refused_by: test_clients_choose_no_id
# A header that the client sends becomes the id of its visit.
from typing import Annotated
from uuid import uuid4

from fastapi import Header, status


@app.post("/visits", status_code=status.HTTP_201_CREATED)
async def sign_in(
    name: str, idempotency_key: Annotated[str | None, Header()] = None
) -> dict[str, str]:
    """Sign a visitor in; a request that is sent again keeps its id."""
    return {"id": idempotency_key or str(uuid4()), "visitor": name}
