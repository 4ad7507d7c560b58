#| kata: dependencies.page
#| refused_by: test_a_route_gets_a_page
# An offset under the name that other guides use.
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field


class Page(BaseModel):
    """Which part of a list is wanted: so many, after this id."""

    limit: int = Field(20, ge=1, le=100)
    skip: int = Field(0, ge=0, le=2**63 - 1)


PageQuery = Annotated[Page, Query()]
