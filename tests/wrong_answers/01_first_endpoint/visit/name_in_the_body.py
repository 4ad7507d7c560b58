#| kata: first_endpoint.visit
#| refused_by: test_visit_is_created
# The name is expected in the body, where nobody sends it.
from typing import Annotated
from uuid import uuid4

from fastapi import Body, status


@app.post("/visits", status_code=status.HTTP_201_CREATED)
async def sign_in(name: Annotated[str, Body(embed=True)]) -> dict[str, str]:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return {"id": str(uuid4()), "visitor": name}
