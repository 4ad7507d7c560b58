#| kata: first_endpoint.visit
#| refused_by: test_visitor_is_named
# A limit that nobody asked for.
from typing import Annotated
from uuid import uuid4

from fastapi import Query, status


@app.post("/visits", status_code=status.HTTP_201_CREATED)
async def sign_in(name: Annotated[str, Query(min_length=1, max_length=50)]) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": str(uuid4()), "visitor": name}
