#| kata: first_endpoint.visit
#| refused_by: test_clients_choose_no_id
# A cookie that the client sends becomes the id of its visit.
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Cookie
from pydantic import BaseModel, Field


class Visit(BaseModel):
    """Somebody was here."""

    id: UUID = Field(default_factory=uuid4)
    visitor: str


@app.post("/visits", status_code=201, response_model=Visit)
def sign_in(name: str, visit: Annotated[str | None, Cookie()] = None) -> Visit:
    """Sign a visitor in: every visit is new and has an id of its own."""
    return Visit(visitor=name) if visit is None else Visit(id=UUID(visit), visitor=name)
