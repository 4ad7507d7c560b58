#| kata: dependencies.page
#| refused_by: test_after_has_bounds
# Only the upper end of `after` is there; -1 passes.
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field


class Page(BaseModel):
    """Which part of a list is wanted: so many, after this id."""

    limit: int = Field(20, ge=1, le=100)
    after: int = Field(0, le=2**63 - 1)


PageQuery = Annotated[Page, Query()]
