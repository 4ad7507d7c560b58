#| kata: dependencies.page
#| refused_by: test_a_route_gets_a_page
# A model that nobody says is a query: FastAPI reads it from the body.
from pydantic import BaseModel, Field


class Page(BaseModel):
    """Which part of a list is wanted: so many, after this id."""

    limit: int = Field(20, ge=1, le=100)
    after: int = Field(0, ge=0, le=2**63 - 1)


PageQuery = Page
