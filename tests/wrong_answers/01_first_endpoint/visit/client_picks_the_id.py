#| kata: first_endpoint.visit
#| refused_by: test_clients_choose_no_id
# A default factory on a parameter: a client may send the id instead.
from typing import Annotated
from uuid import uuid4

from fastapi import Query, status


@app.post("/visits", status_code=status.HTTP_201_CREATED)
async def sign_in(
    name: str, id: Annotated[str, Query(default_factory=lambda: str(uuid4()))]
) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": id, "visitor": name}
